/**
 * What every signer of access tokens must do. An adapter's own test file calls this with its
 * constructor.
 */
import { createPublicKey, verify } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { expect, test } from "vitest";
import type { PublicJwk, TokenSigner } from "#services/users/ports";

export function tokenSignerContract(open: () => TokenSigner | Promise<TokenSigner>): void {
  const claims = { sub: "client-1", scope: "orders:read", name: "größe 漢字", exp: 1_700_000_900 };

  const decoded = (part: string | undefined): unknown =>
    JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"));

  function isSignedBy(token: string, jwk: PublicJwk): boolean {
    const [header = "", payload = "", signature = ""] = token.split(".");
    const key = createPublicKey({ key: { ...jwk }, format: "jwk" });
    const input = Buffer.from(`${header}.${payload}`, "ascii");
    return verify("RSA-SHA256", input, key, Buffer.from(signature, "base64url"));
  }

  test("a token is the claims under the header of an access token, signed by us", async () => {
    const signer = await open();

    const token = await signer.sign(claims);

    const [header, payload, , ...more] = token.split(".");
    const [jwk, ...others] = await signer.publicKeys();
    if (jwk === undefined) throw new Error("no key is published");
    expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(decoded(header)).toEqual({ alg: "RS256", typ: "at+jwt", kid: jwk.kid });
    expect(decoded(payload)).toEqual(claims);
    expect(isSignedBy(token, jwk)).toBe(true);
    expect([...others, ...more]).toEqual([]);
  });

  test("a published key says its use and is named by its RFC 7638 thumbprint", async () => {
    const signer = await open();

    const [jwk] = await signer.publicKeys();

    expect(jwk).toEqual({
      kty: "RSA",
      n: expect.stringMatching(/^[\w-]{340,}$/) as unknown,
      e: "AQAB",
      alg: "RS256",
      use: "sig",
      kid: await calculateJwkThumbprint({ ...jwk, kty: "RSA" }),
    });
  });

  test("a token of any length can be signed", async () => {
    const signer = await open();

    const token = await signer.sign({ ...claims, long: "x".repeat(10_000) });

    const [jwk] = await signer.publicKeys();
    expect(jwk !== undefined && isSignedBy(token, jwk)).toBe(true);
  });

  test("the keys stay the same from call to call", async () => {
    const signer = await open();

    expect(await signer.publicKeys()).toEqual(await signer.publicKeys());
  });
}
