// POST /oauth2/token and the published keys, as OAuth clients meet them.
import { beforeEach, expect, test } from "vitest";
import { accessTokenVerifier } from "#adapters/aws/kms/access-token";
import { memoryClientStore } from "#adapters/memory/client-store";
import { memoryTokenSigner } from "#adapters/memory/token-signer";
import { ACCESS_TOKEN_SECONDS, tokenAnswer } from "#contracts/http/auth";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import type { ClientStore } from "#services/users/ports";
import { registerWithSecret } from "#services/users/register-client";
import { jwksRoute, tokenRoute } from "../../../functions/users/routes.ts";
import {
  countedSurroundings,
  type GatewayRequest,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";

const noon = 1_700_000_000_500 as EpochMs;
const issuer = "https://shop.test";
const audience = "inorder";
const secret = "a secret: with % and + and ü";

const signer = memoryTokenSigner();
let clients: ClientStore;

beforeEach(async () => {
  clients = memoryClientStore();
  await registerWithSecret(
    { clients, newSecret: () => secret },
    { clientId: "replay-1", scopes: ["orders:write", "orders:read"] },
  );
});

async function call(request: GatewayRequest) {
  const handler = httpFunction(
    {
      service: "users",
      routes: [
        tokenRoute({ clients, signer, issuer, audience, newId: () => "jti-1" }),
        jwksRoute(signer),
      ],
    },
    countedSurroundings(noon),
    untraced,
  );
  const answer = await handler(gatewayEvent(request), lambdaContext());
  return { ...answer, json: JSON.parse(answer.body) as Record<string, unknown> };
}

const ask = (
  fields: Record<string, string> | string,
  headers: Record<string, string> = {},
): ReturnType<typeof call> =>
  call({
    method: "POST",
    resource: "/oauth2/token",
    headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
    body: typeof fields === "string" ? fields : new URLSearchParams(fields).toString(),
  });

const grant = { grant_type: "client_credentials" };
const credentials = { client_id: "replay-1", client_secret: secret };

const encoded = (text: string) => encodeURIComponent(text).replaceAll("%20", "+");
const basic = (id: string, password: string) => ({
  Authorization: `Basic ${btoa(`${encoded(id)}:${encoded(password)}`)}`,
});

const claimsOf = (token: unknown): unknown =>
  JSON.parse(Buffer.from(String(token).split(".")[1] ?? "", "base64url").toString());

test("credentials in the form buy a token that our own verifier accepts", async () => {
  const answer = await ask({ ...grant, ...credentials });

  const verifier = accessTokenVerifier({
    keys: { all: () => signer.publicKeys(), refresh: () => signer.publicKeys() },
    issuer,
    audience,
  });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({ "cache-control": "no-store", pragma: "no-cache" });
  expect(tokenAnswer.parse(answer.json)).toMatchObject({
    token_type: "Bearer",
    expires_in: ACCESS_TOKEN_SECONDS,
    scope: "orders:write orders:read",
  });
  expect(await verifier.verify(String(answer.json.access_token), noon)).toEqual({
    id: "replay-1",
    scopes: ["orders:write", "orders:read"],
  });
});

test("a query that is not known is ignored, as RFC 6749 section 3.2 asks", async () => {
  const answer = await call({
    method: "POST",
    resource: "/oauth2/token",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    query: { audience: "elsewhere" },
    body: new URLSearchParams({ ...grant, ...credentials }).toString(),
  });

  expect(answer.statusCode).toBe(200);
});

test("the claims are those of RFC 9068", async () => {
  const answer = await ask({ ...grant, ...credentials, scope: "orders:read" });

  expect(claimsOf(answer.json.access_token)).toEqual({
    iss: issuer,
    sub: "replay-1",
    client_id: "replay-1",
    aud: audience,
    iat: 1_700_000_000,
    nbf: 1_700_000_000,
    exp: 1_700_000_900,
    jti: "jti-1",
    scope: "orders:read",
  });
});

test("credentials in HTTP Basic, each part form-encoded, are as good", async () => {
  const answer = await ask(grant, basic("replay-1", secret));
  const named = await ask({ ...grant, client_id: "replay-1" }, basic("replay-1", secret));

  expect(answer.statusCode).toBe(200);
  expect(named.statusCode).toBe(200);
});

test("a part of the scopes is granted, and each once", async () => {
  const answer = await ask({ ...grant, ...credentials, scope: "orders:read  orders:read" });

  expect(answer.json.scope).toBe("orders:read");
});

test.each(["orders:import", "orders:read orders:import", "orders", " "])(
  "the scope %j is more than the client may have",
  async (scope) => {
    const answer = await ask({ ...grant, ...credentials, scope });

    expect(answer.statusCode).toBe(400);
    expect(answer.json).toMatchObject({ error: "invalid_scope" });
  },
);

test("no, unknown, wrong and unreadable credentials are answered exactly alike", async () => {
  const answers = await Promise.all([
    ask(grant),
    ask({ ...grant, client_id: "replay-1" }),
    ask({ ...grant, client_id: "nobody", client_secret: secret }),
    ask({ ...grant, ...credentials, client_secret: "wrong" }),
    ask(grant, basic("nobody", secret)),
    ask(grant, basic("replay-1", "wrong")),
    ask(grant, basic("x".repeat(65), secret)),
    ask(grant, { Authorization: "Basic !" }),
    ask(grant, { Authorization: `Basic ${btoa("no colon")}` }),
    ask(grant, { Authorization: `Basic ${btoa("%zz:%zz")}` }),
    ask(grant, { Authorization: "Bearer abc" }),
    ask({ ...grant, client_id: "other-1" }, basic("replay-1", secret)),
  ]);

  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([401]));
  expect(answers[0]?.json).toMatchObject({ error: "invalid_client" });
  expect(answers[0]?.headers?.["www-authenticate"]).toMatch(/^Basic realm=/);
});

test("a client id longer than any of ours does not even reach the store", async () => {
  const asked: string[] = [];
  clients = { ...clients, get: async (clientId) => void asked.push(clientId) };

  await ask(grant, basic("x".repeat(65), secret));
  await ask(grant, basic("x".repeat(64), secret));

  expect(asked).toEqual(["x".repeat(64)]);
});

test("credentials in two places are refused", async () => {
  const answer = await ask({ ...grant, ...credentials }, basic("replay-1", secret));

  expect(answer.statusCode).toBe(400);
  expect(answer.json).toMatchObject({ error: "invalid_request" });
});

test.each(["password", "authorization_code", "refresh_token", "CLIENT_CREDENTIALS"])(
  "the grant %s does not exist",
  async (type) => {
    const answer = await ask({ grant_type: type, ...credentials });

    expect(answer.statusCode).toBe(400);
    expect(answer.json).toMatchObject({ error: "unsupported_grant_type" });
  },
);

test.each([
  { name: "no grant type", form: "client_id=replay-1&client_secret=x" },
  { name: "an empty grant type", form: "grant_type=&client_id=replay-1&client_secret=x" },
  {
    name: "a parameter twice",
    form: "grant_type=client_credentials&grant_type=client_credentials",
  },
  { name: "a client id without end", form: `grant_type=a&client_id=${"x".repeat(65)}` },
])("$name is an invalid request", async ({ form }) => {
  const answer = await ask(form);

  expect(answer.statusCode).toBe(400);
  expect(answer.json).toMatchObject({
    error: "invalid_request",
    error_description: expect.any(String) as unknown,
  });
});

test("unknown parameters are ignored and empty ones are none, as RFC 6749 says", async () => {
  const answer = await ask({ ...grant, ...credentials, scope: "", resource: "x", __proto__x: "y" });

  expect(answer.statusCode).toBe(200);
});

test("what is no OAuth request at all is problem+json", async () => {
  const json = await call({ method: "POST", resource: "/oauth2/token", body: grant });
  const large = await ask(`grant_type=${"x".repeat(5000)}`);

  expect([json.statusCode, large.statusCode]).toEqual([415, 413]);
  expect(json.json.type).toBe("urn:inorder:problem:unsupported-media-type");
});

test("a store that does not answer is no refusal", async () => {
  clients = {
    ...clients,
    get: () => Promise.reject(new Failure("store-throttled", "retry", "busy")),
  };

  const answer = await ask({ ...grant, ...credentials });

  expect(answer.statusCode).toBe(503);
});

test("the published keys verify the tokens, and hold nothing private", async () => {
  const answer = await call({ method: "GET", resource: "/.well-known/jwks.json" });

  expect(answer.statusCode).toBe(200);
  expect(answer.headers?.["cache-control"]).toBe("public, max-age=600");
  expect(answer.json).toEqual({ keys: await signer.publicKeys() });
  expect(Object.keys((await signer.publicKeys())[0] ?? {}).sort()).toEqual(
    ["alg", "e", "kid", "kty", "n", "use"].sort(),
  );
});
