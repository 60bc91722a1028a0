/**
 * The token verifier of every HTTP function: the rules of `access-token.ts` over the public keys
 * that KMS shows.
 */
import type { KMSClient } from "@aws-sdk/client-kms";
import { accessTokenVerifier, type AccessTokenVerifier } from "./access-token.ts";
import { kmsClient } from "./client.ts";
import { kmsPublicKeys, listedKeyIds } from "./public-keys.ts";

export type TokenEnvironment = Readonly<
  Record<"TOKEN_KEY_IDS" | "TOKEN_ISSUER" | "TOKEN_AUDIENCE", string>
>;

export const kmsTokenVerifier = (
  { TOKEN_KEY_IDS, TOKEN_ISSUER, TOKEN_AUDIENCE }: TokenEnvironment,
  client: KMSClient = kmsClient(),
): AccessTokenVerifier =>
  accessTokenVerifier({
    keys: kmsPublicKeys(client, listedKeyIds(TOKEN_KEY_IDS)),
    issuer: TOKEN_ISSUER,
    audience: TOKEN_AUDIENCE,
  });
