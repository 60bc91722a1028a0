/**
 * Registers a client, or gives a registered one a new secret and new scopes.
 */
import type { RegisterClient, RegisteredClient } from "#contracts/operator";
import { sha256Hex } from "#kernel/hash";
import type { ClientStore } from "./ports.ts";

export type RegisterDependencies = {
  readonly clients: ClientStore;
  /** At least 256 random bits as text; never the same twice. */
  readonly newSecret: () => string;
};

/** The secret is in the answer and nowhere else: only its hash is stored. */
export async function registerWithSecret(
  { clients, newSecret }: RegisterDependencies,
  { clientId, scopes }: RegisterClient,
): Promise<RegisteredClient> {
  const clientSecret = newSecret();
  await clients.put({
    clientId,
    secretHash: sha256Hex(clientSecret),
    scopes: [...new Set(scopes)],
  });
  return { clientId, clientSecret };
}
