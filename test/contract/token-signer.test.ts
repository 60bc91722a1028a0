// Tokens signed in memory and in KMS, and the verifier that reads its keys from KMS.
import {
  CreateAliasCommand,
  CreateKeyCommand,
  KMSClient,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kmsTokenSigner } from "#adapters/aws/kms/token-signer";
import { kmsTokenVerifier } from "#adapters/aws/kms/token-verifier";
import { memoryTokenSigner } from "#adapters/memory/token-signer";
import { type EpochMs, later, seconds } from "#kernel/units";
import { localConnection } from "../support/connection.ts";
import { tokenSignerContract } from "./token-signer-contract.ts";

describe("in memory", () => {
  tokenSignerContract(memoryTokenSigner);
});

describe("in KMS", () => {
  const client = new KMSClient({ ...localConnection(), maxAttempts: 1 });
  const noon = 1_700_000_000_000 as EpochMs;
  const environment = { TOKEN_ISSUER: "https://shop.test", TOKEN_AUDIENCE: "inorder" };
  const claims = {
    iss: "https://shop.test",
    sub: "client-1",
    client_id: "client-1",
    aud: "inorder",
    iat: 1_700_000_000,
    nbf: 1_700_000_000,
    exp: 1_700_000_900,
    jti: "1",
    scope: "orders:read",
  };
  let first = "";
  let second = "";

  const newKey = async (): Promise<string> => {
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" }),
    );
    return KeyMetadata?.KeyId ?? "";
  };

  beforeAll(async () => {
    first = await newKey();
    second = await newKey();
  });

  afterAll(() => client.destroy());

  tokenSignerContract(() => kmsTokenSigner({ TOKEN_KEY_IDS: first }, client));

  test("the first key signs, all are published and accepted", async () => {
    const keys = { TOKEN_KEY_IDS: `${second}, ${first}` };
    const signer = kmsTokenSigner(keys, client);
    const verifier = kmsTokenVerifier({ ...keys, ...environment }, client);
    const retiring = kmsTokenSigner({ TOKEN_KEY_IDS: first }, client);
    const tokens = [await signer.sign(claims), await retiring.sign(claims)];

    const subjects = await Promise.all(tokens.map((token) => verifier.verify(token, noon)));

    const published = await signer.publicKeys();
    const kids = tokens.map((token) => kidOf(token));
    expect(kids).toEqual(published.map(({ kid }) => kid));
    expect(subjects).toEqual([
      { id: "client-1", scopes: ["orders:read"] },
      { id: "client-1", scopes: ["orders:read"] },
    ]);
  });

  test("a token of a key that is not listed is refused", async () => {
    const token = await kmsTokenSigner({ TOKEN_KEY_IDS: second }, client).sign(claims);
    const verifier = kmsTokenVerifier({ TOKEN_KEY_IDS: first, ...environment }, client);

    await expect(verifier.verify(token, noon)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("an alias that leads to another key now is followed", async () => {
    const alias = "alias/signing";
    await client.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: first }));
    const verifier = kmsTokenVerifier({ TOKEN_KEY_IDS: alias, ...environment }, client);
    const before = await kmsTokenSigner({ TOKEN_KEY_IDS: alias }, client).sign(claims);
    await verifier.verify(before, noon);
    await client.send(new UpdateAliasCommand({ AliasName: alias, TargetKeyId: second }));
    const after = await kmsTokenSigner({ TOKEN_KEY_IDS: alias }, client).sign(claims);

    const subject = await verifier.verify(after, later(noon, seconds(60)));

    expect(kidOf(after)).not.toBe(kidOf(before));
    expect(subject.id).toBe("client-1");
  });

  test("a key that is not there is no reason to refuse a caller", async () => {
    const keys = { TOKEN_KEY_IDS: "11111111-2222-3333-4444-555555555555" };
    const token = await kmsTokenSigner({ TOKEN_KEY_IDS: first }, client).sign(claims);

    const verifying = kmsTokenVerifier({ ...keys, ...environment }, client).verify(token, noon);

    await expect(verifying).rejects.toMatchObject({ code: "store-unavailable", action: "retry" });
    await expect(kmsTokenSigner(keys, client).sign(claims)).rejects.toMatchObject({
      code: "store-unavailable",
    });
  });

  test("no key at all is our own fault", async () => {
    await expect(kmsTokenSigner({ TOKEN_KEY_IDS: "" }, client).sign(claims)).rejects.toMatchObject({
      code: "misconfigured",
    });
  });

  const kidOf = (token: string): unknown =>
    (JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as { kid: string })
      .kid;
});
