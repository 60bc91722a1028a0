/**
 * Access tokens signed inside KMS: the private key never leaves it.
 */
import { createHash } from "node:crypto";
import { SignCommand, type KMSClient } from "@aws-sdk/client-kms";
import { Failure } from "#kernel/failure";
import type { JsonObject } from "#kernel/json";
import type { TokenSigner } from "#services/users/ports";
import { kmsClient } from "./client.ts";
import { kmsFailure } from "./failures.ts";
import { kmsPublicKeys, listedKeyIds } from "./public-keys.ts";

export type SigningEnvironment = { readonly TOKEN_KEY_IDS: string };

/**
 * RS256 of RFC 7518 is KMS's RSASSA_PKCS1_V1_5_SHA_256; the digest is made here, so a token may be
 * of any length.
 */
export function kmsTokenSigner(
  { TOKEN_KEY_IDS }: SigningEnvironment,
  client: KMSClient = kmsClient(),
): TokenSigner {
  const keyIds = listedKeyIds(TOKEN_KEY_IDS);
  const publicKeys = kmsPublicKeys(client, keyIds);

  return {
    publicKeys: () => publicKeys.all(),
    async sign(claims) {
      const [signing] = await publicKeys.all();
      const [keyId] = keyIds;
      if (signing === undefined || keyId === undefined) {
        throw new Failure("misconfigured", "reject", "TOKEN_KEY_IDS names no key.");
      }
      const header = { alg: "RS256", typ: "at+jwt", kid: signing.kid };
      const signingInput = `${encoded(header)}.${encoded(claims)}`;
      return `${signingInput}.${await signature(client, keyId, signingInput)}`;
    },
  };
}

const encoded = (part: JsonObject): string =>
  Buffer.from(JSON.stringify(part), "utf8").toString("base64url");

async function signature(client: KMSClient, keyId: string, signingInput: string): Promise<string> {
  try {
    const { Signature } = await client.send(
      new SignCommand({
        KeyId: keyId,
        Message: createHash("sha256").update(signingInput, "ascii").digest(),
        MessageType: "DIGEST",
        SigningAlgorithm: "RSASSA_PKCS1_V1_5_SHA_256",
      }),
    );
    return Buffer.from(Signature ?? []).toString("base64url");
  } catch (error) {
    throw kmsFailure("sign a token", error);
  }
}
