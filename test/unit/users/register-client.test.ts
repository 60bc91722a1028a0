// A client's secret is shown once; what is stored could not be used to ask for a token.
import { expect, test } from "vitest";
import { memoryClientStore } from "#adapters/memory/client-store";
import { sha256Hex } from "#kernel/hash";
import { registerWithSecret } from "#services/users/register-client";
import { sameDigest } from "#services/users/same-digest";

const secrets = () => {
  let count = 0;
  return () => `secret-${(count += 1)}`;
};

test("the secret is answered, its hash is stored", async () => {
  const clients = memoryClientStore();

  const answer = await registerWithSecret(
    { clients, newSecret: secrets() },
    { clientId: "shop-1", scopes: ["orders:read", "orders:read"] },
  );

  expect(answer).toEqual({ clientId: "shop-1", clientSecret: "secret-1" });
  expect(await clients.get("shop-1")).toEqual({
    clientId: "shop-1",
    secretHash: sha256Hex("secret-1"),
    scopes: ["orders:read"],
  });
});

test("registering again rotates the secret and replaces the scopes", async () => {
  const clients = memoryClientStore();
  const dependencies = { clients, newSecret: secrets() };
  await registerWithSecret(dependencies, { clientId: "shop-1", scopes: ["orders:read"] });

  await registerWithSecret(dependencies, { clientId: "shop-1", scopes: ["orders:write"] });

  expect(await clients.get("shop-1")).toMatchObject({
    secretHash: sha256Hex("secret-2"),
    scopes: ["orders:write"],
  });
});

test.each([
  ["abc", "abc", true],
  ["", "", true],
  ["abc", "abd", false],
  ["abc", "abcabc", false],
  ["abcabc", "abc", false],
  ["abc", "", false],
  ["", "abc", false],
])("the digests %j and %j are the same: %s", (one, other, same) => {
  expect(sameDigest(one, other)).toBe(same);
});
