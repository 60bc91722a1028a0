// Attacks on the verifier of access tokens (RFC 8725): each token here looks right in all but one
// thing.
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSign,
  generateKeyPairSync,
} from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { accessTokenVerifier, type AccessTokenVerifier } from "#adapters/aws/kms/access-token";
import { memoryTokenSigner } from "#adapters/memory/token-signer";
import { Failure } from "#kernel/failure";
import { type EpochMs, later, seconds } from "#kernel/units";
import type { PublicJwk } from "#services/users/ports";

const noon = 1_700_000_000_000 as EpochMs;
const issuer = "https://shop.test";
const audience = "inorder";

type Signing = { readonly pem: string; readonly jwk: PublicJwk };

const newKey = async (): Promise<Signing> => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { kty = "", n = "", e = "" } = publicKey.export({ format: "jwk" });
  const kid = await calculateJwkThumbprint({ kty, n, e });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { pem, jwk: { kty, n, e, kid, alg: "RS256", use: "sig" } };
};

let ours: Signing;
let strangers: Signing;
let published: readonly PublicJwk[];
let refreshes: number;
let verifier: AccessTokenVerifier;

beforeAll(async () => {
  ours = await newKey();
  strangers = await newKey();
});

beforeEach(() => {
  published = [ours.jwk];
  refreshes = 0;
  const known = [ours.jwk];
  verifier = accessTokenVerifier({
    keys: {
      all: async () => known,
      async refresh() {
        refreshes += 1;
        return published;
      },
    },
    issuer,
    audience,
  });
});

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

const claims = (changes: object = {}) => ({
  iss: issuer,
  sub: "client-1",
  client_id: "client-1",
  aud: audience,
  iat: 1_700_000_000,
  nbf: 1_700_000_000,
  exp: 1_700_000_900,
  jti: "1",
  scope: "orders:read orders:write",
  ...changes,
});

const header = (changes: object = {}) => ({
  alg: "RS256",
  typ: "at+jwt",
  kid: ours.jwk.kid,
  ...changes,
});

function signed(head: object, body: object, key: Signing = ours, digest = "RSA-SHA256"): string {
  const input = `${part(head)}.${part(body)}`;
  const signature = createSign(digest).update(input).sign(createPrivateKey(key.pem));
  return `${input}.${signature.toString("base64url")}`;
}

const refused = { code: "unauthenticated", action: "reject" };

test("a good token says who and what", async () => {
  const subject = await verifier.verify(signed(header(), claims()), noon);

  expect(subject).toEqual({ id: "client-1", scopes: ["orders:read", "orders:write"] });
  expect(refreshes).toBe(0);
});

test("what the memory signer signs is accepted too", async () => {
  const signer = memoryTokenSigner();
  const published = () => signer.publicKeys();
  const keys = { all: published, refresh: published };
  const token = await signer.sign(claims());

  const subject = await accessTokenVerifier({ keys, issuer, audience }).verify(token, noon);

  expect(subject.id).toBe("client-1");
});

test.each(["none", "None", "NONE", ""])("an unsigned token (alg %j) is refused", async (alg) => {
  const unsigned = `${part(header({ alg }))}.${part(claims())}.`;
  const [head = "", body = "", signature = ""] = signed(header({ alg }), claims()).split(".");

  await expect(verifier.verify(unsigned, noon)).rejects.toMatchObject(refused);
  await expect(verifier.verify(`${head}.${body}.${signature}`, noon)).rejects.toMatchObject(
    refused,
  );
});

test("HS256 with our public key as its secret is refused", async () => {
  const pem = createPublicKey({ key: { ...ours.jwk }, format: "jwk" }).export({
    type: "spki",
    format: "pem",
  });
  const secrets = [pem.toString(), pem.toString().trim(), JSON.stringify(ours.jwk)];
  const tokens = secrets.map((secret) => {
    const input = `${part(header({ alg: "HS256" }))}.${part(claims())}`;
    return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
  });

  for (const token of tokens) {
    await expect(verifier.verify(token, noon)).rejects.toMatchObject(refused);
  }
});

test("another algorithm of the same key is refused", async () => {
  const token = signed(header({ alg: "RS512" }), claims(), ours, "RSA-SHA512");

  await expect(verifier.verify(token, noon)).rejects.toMatchObject(refused);
});

test("a stranger's signature under our key id is refused", async () => {
  const token = signed(header(), claims(), strangers);

  await expect(verifier.verify(token, noon)).rejects.toMatchObject(refused);
});

test.each(["jwk", "jku", "x5u", "x5c"])(
  "a key brought along in the header (%s) is not used",
  async (name) => {
    const brought: Record<string, unknown> = {
      jwk: strangers.jwk,
      jku: "https://evil.test/jwks.json",
      x5u: "https://evil.test/cert.pem",
      x5c: ["AAAA"],
    };
    const token = signed(
      header({ kid: strangers.jwk.kid, [name]: brought[name] }),
      claims(),
      strangers,
    );

    await expect(verifier.verify(token, noon)).rejects.toMatchObject(refused);
  },
);

test.each([
  { name: "an ID token", head: { typ: "JWT" } },
  { name: "no type", head: { typ: undefined } },
  { name: "another type", head: { typ: "logout+jwt" } },
  { name: "no key id", head: { kid: undefined } },
  { name: "a critical extension", head: { crit: ["exp"], exp: 1 } },
])("$name is refused", async ({ head }) => {
  await expect(verifier.verify(signed(header(head), claims()), noon)).rejects.toMatchObject(
    refused,
  );
});

test.each([
  { name: "another audience", body: { aud: "other" } },
  { name: "another issuer", body: { iss: "https://shop.test.evil.test" } },
  { name: "nbf in the future", body: { nbf: 1_700_000_001 } },
  { name: "an expiry of now", body: { exp: 1_700_000_000 } },
  { name: "an expiry that is no number", body: { exp: "2099-01-01" } },
  { name: "an empty subject", body: { sub: "" } },
  { name: "a subject that is no text", body: { sub: 1 } },
  { name: "a scope that is a list", body: { scope: ["orders:read"] } },
  ...["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "scope"].map((claim) => ({
    name: `no ${claim}`,
    body: { [claim]: undefined },
  })),
])("$name is refused", async ({ body }) => {
  await expect(verifier.verify(signed(header(), claims(body)), noon)).rejects.toMatchObject(
    refused,
  );
});

test("a token dies at its expiry and says so", async () => {
  const token = signed(header(), claims());
  const end = later(noon, seconds(900));

  await expect(verifier.verify(token, (end - 1000) as EpochMs)).resolves.toBeDefined();
  await expect(verifier.verify(token, end)).rejects.toMatchObject({
    ...refused,
    message: "The access token is expired; ask for another.",
  });
});

test("a changed payload, header or signature is refused", async () => {
  const [head = "", , signature = ""] = signed(header(), claims()).split(".");
  const [, body = ""] = signed(header(), claims()).split(".");
  const more = part(claims({ scope: "orders:import" }));

  const tokens = [
    `${head}.${more}.${signature}`,
    `${part(header({ extra: 1 }))}.${body}.${signature}`,
    `${head}.${body}.${signature.slice(0, -4)}AAAA`,
    `${head}.${body}.`,
    `${head}.${body}`,
    `${head}.${body}.${signature}.${signature}`,
    "",
    "abc",
  ];

  for (const token of tokens) {
    await expect(verifier.verify(token, noon)).rejects.toMatchObject(refused);
  }
});

test("an unknown key id makes us look again once, then not for half a minute", async () => {
  const token = signed(header({ kid: strangers.jwk.kid }), claims(), strangers);

  for (let each = 0; each < 5; each += 1) {
    await expect(verifier.verify(token, noon)).rejects.toMatchObject(refused);
  }
  expect(refreshes).toBe(1);

  published = [ours.jwk, strangers.jwk];
  await expect(verifier.verify(token, later(noon, seconds(29)))).rejects.toMatchObject(refused);
  await expect(verifier.verify(token, later(noon, seconds(30)))).resolves.toBeDefined();
  expect(refreshes).toBe(2);
});

test("keys that cannot be read are not the caller's fault, and are asked for again", async () => {
  let down = true;
  const failing = accessTokenVerifier({
    keys: {
      async all() {
        if (down) throw new Failure("store-unavailable", "retry", "KMS is down.");
        return [ours.jwk];
      },
      refresh: async () => [ours.jwk],
    },
    issuer,
    audience,
  });
  const token = signed(header(), claims());

  await expect(failing.verify(token, noon)).rejects.toMatchObject({ code: "store-unavailable" });
  down = false;
  await expect(failing.verify(token, noon)).resolves.toBeDefined();
});
