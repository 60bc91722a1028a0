/**
 * The public halves of the signing keys, as JSON Web Keys, read from KMS once per sandbox.
 */
import { createPublicKey } from "node:crypto";
import { GetPublicKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import { calculateJwkThumbprint } from "jose";
import { Failure } from "#kernel/failure";
import type { PublicJwk } from "#services/users/ports";
import { kmsFailure } from "./failures.ts";

export type PublicKeys = {
  /** Every key of the list, in its order. */
  all(): Promise<readonly PublicJwk[]>;
  /** Reads them anew: an alias may lead to another key now. */
  refresh(): Promise<readonly PublicJwk[]>;
};

/**
 * Errors: `store-unavailable` (retry), `misconfigured` (reject) for a key that does not sign RS256.
 */
export function kmsPublicKeys(client: KMSClient, keyIds: readonly string[]): PublicKeys {
  let reading: Promise<readonly PublicJwk[]> | undefined;

  const refresh = async (): Promise<readonly PublicJwk[]> => {
    const fresh = Promise.all(keyIds.map((keyId) => publicKey(client, keyId)));
    const keys = await fresh;
    reading = fresh;
    return keys;
  };

  const all = async (): Promise<readonly PublicJwk[]> => {
    reading ??= refresh();
    try {
      return await reading;
    } catch (error) {
      reading = undefined;
      throw error;
    }
  };

  return { all, refresh };
}

/** The value of TOKEN_KEY_IDS; the first key signs. */
export const listedKeyIds = (commaSeparated: string): readonly string[] =>
  commaSeparated
    .split(",")
    .map((keyId) => keyId.trim())
    .filter((keyId) => keyId !== "");

/**
 * `kid` is the key's RFC 7638 thumbprint: it follows from the key, so nobody has to store or agree
 * on it.
 */
async function publicKey(client: KMSClient, keyId: string): Promise<PublicJwk> {
  const der = await publicKeyBytes(client, keyId);
  const jwk = createPublicKey({ key: der, format: "der", type: "spki" }).export({ format: "jwk" });
  const { kty, n, e } = jwk;
  if (kty !== "RSA" || n === undefined || e === undefined) {
    throw new Failure("misconfigured", "reject", `The KMS key ${keyId} is not an RSA key.`);
  }
  const kid = await calculateJwkThumbprint({ kty, n, e }, "sha256");
  return { kty, n, e, kid, alg: "RS256", use: "sig" };
}

async function publicKeyBytes(client: KMSClient, keyId: string): Promise<Buffer> {
  try {
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
    return Buffer.from(PublicKey ?? []);
  } catch (error) {
    throw kmsFailure(`read the public key ${keyId}`, error);
  }
}
