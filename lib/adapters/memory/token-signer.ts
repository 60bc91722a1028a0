/**
 * A token signer with a key of its own, for tests: the same header, claims and key ids as the one
 * that signs in KMS.
 */
import type { JsonObject } from "#kernel/json";
import type { PublicJwk, TokenSigner } from "#services/users/ports";

const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const TWO_TO_16_PLUS_1 = new Uint8Array([1, 0, 1]);

type PrivateKey = Parameters<typeof crypto.subtle.sign>[1];
type SigningKey = { readonly privateKey: PrivateKey; readonly jwk: PublicJwk };

export function memoryTokenSigner(): TokenSigner {
  let making: Promise<SigningKey> | undefined;
  const key = (): Promise<SigningKey> => (making ??= newSigningKey());

  return {
    async sign(claims) {
      const { privateKey, jwk } = await key();
      const header = { alg: "RS256", typ: "at+jwt", kid: jwk.kid };
      const signingInput = `${encoded(header)}.${encoded(claims)}`;
      const signature = await crypto.subtle.sign(ALGORITHM, privateKey, utf8(signingInput));
      return `${signingInput}.${base64url(new Uint8Array(signature))}`;
    },
    publicKeys: async () => [(await key()).jwk],
  };
}

async function newSigningKey(): Promise<SigningKey> {
  const pair = await crypto.subtle.generateKey(
    { ...ALGORITHM, modulusLength: 2048, publicExponent: TWO_TO_16_PLUS_1 },
    true,
    ["sign", "verify"],
  );
  const { kty = "", n = "", e = "" } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  // RFC 7638: the required members alone, in this order.
  const thumbprint = await crypto.subtle.digest("SHA-256", utf8(JSON.stringify({ e, kty, n })));
  const kid = base64url(new Uint8Array(thumbprint));
  return { privateKey: pair.privateKey, jwk: { kty, n, e, kid, alg: "RS256", use: "sig" } };
}

const encoded = (part: JsonObject): string => base64url(utf8(JSON.stringify(part)));

const utf8 = (text: string) => new TextEncoder().encode(text);

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
