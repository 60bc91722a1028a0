/**
 * What the users service needs from outside.
 */
import type { JsonObject } from "#kernel/json";

export type Client = {
  readonly clientId: string;
  /** SHA-256 of the secret: it has 256 random bits, so a slow hash would protect nothing more. */
  readonly secretHash: string;
  readonly scopes: readonly string[];
};

/** Contract: `put` creates or replaces (a new registration rotates the secret). */
export type ClientStore = {
  get(clientId: string): Promise<Client | undefined>;
  put(client: Client): Promise<void>;
};

/** A public key as RFC 7517 writes it, with `kid`, `alg` RS256 and `use` sig. */
export type PublicJwk = JsonObject & { readonly kid: string };

/**
 * Contract (`test/contract/token-signer-contract.ts`): RS256 over the given claims with header
 * `typ: at+jwt` and the signing key's `kid`; `publicKeys` answers every key that may have signed a
 * token still alive.
 */
export type TokenSigner = {
  sign(claims: JsonObject): Promise<string>;
  publicKeys(): Promise<readonly PublicJwk[]>;
};
