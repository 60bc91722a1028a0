// The client's manners, against a server that misbehaves on purpose.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { seededRng } from "#kernel/rng";
import { accessToken } from "#replay/access-token";
import { type ClientSettings, httpClient } from "#replay/client";
import { steppingClock } from "../../support/stepping-clock.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => unknown;

async function serve(handler: Handler, settings: Partial<ClientSettings> = {}) {
  const seen: { readonly key: string | undefined; readonly body: string }[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const key = String(request.headers["idempotency-key"]);
    seen.push({ key, body: await text(request) });
    handler(request, response, seen.length);
  };
  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const clock = steppingClock();
  let ticks = 0;
  const client = httpClient({
    baseUrl: `http://127.0.0.1:${port}`,
    clock,
    stopwatch: () => (ticks += 1.5),
    rng: seededRng(4),
    settings,
  });
  return {
    seen,
    clock,
    client,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const order = {
  method: "POST",
  path: "/v1/orders",
  headers: async () => ({ "idempotency-key": "key-1" }),
  body: '{"a":1}',
} as const;

const answering =
  (status: number, headers: Readonly<Record<string, string>> = {}): Handler =>
  (_request, response) =>
    response.writeHead(status, headers).end(`answer ${status}`);

/** Fails so often, then goes well. */
const thenWell =
  (failures: number, failure: Handler): Handler =>
  (request, response, count) =>
    count <= failures
      ? failure(request, response, count)
      : answering(200)(request, response, count);

test.each<{ name: string; failure: Handler }>([
  { name: "429", failure: answering(429) },
  { name: "500", failure: answering(500) },
  { name: "503", failure: answering(503) },
  { name: "a lost answer", failure: (request) => request.socket.destroy() },
  {
    name: "half an answer",
    failure: (request, response) => {
      response.writeHead(200, { "content-length": "1000" }).write("half");
      setImmediate(() => request.socket.destroy());
    },
  },
])("after $name the same request goes out again, with the same key", async ({ failure }) => {
  await using server = await serve(thenWell(2, failure));

  const answer = await server.client.send(order);

  expect(answer).toMatchObject({ status: 200, text: "answer 200" });
  expect(server.seen).toEqual(Array.from({ length: 3 }, () => ({ key: "key-1", body: '{"a":1}' })));
});

test.each([400, 401, 403, 404, 409, 415, 422])("%d is never repeated", async (status) => {
  await using server = await serve(answering(status));

  await expect(server.client.send(order)).rejects.toMatchObject({
    code: "invalid-request",
    message: `POST /v1/orders was refused: ${status} answer ${status}`,
  });
  expect(server.seen).toHaveLength(1);
});

test("attempts are bounded, and the error says what the last one answered", async () => {
  await using server = await serve(answering(503), { attemptsMax: 4 });

  await expect(server.client.send(order)).rejects.toMatchObject({
    code: "outcome-unknown",
    action: "retry",
    message: "POST /v1/orders got no answer in 4 attempts; the last one: 503 answer 503",
  });
  expect(server.seen).toHaveLength(4);
});

test("waits grow to a cap and are drawn anew each time", async () => {
  const settings = { attemptsMax: 9, backoffMs: 100, backoffCapMs: 800 };
  await using server = await serve(answering(503), settings);

  await expect(server.client.send(order)).rejects.toThrow("9 attempts");

  const { slept } = server.clock;
  expect(slept).toHaveLength(8);
  for (const [index, wait] of slept.entries()) {
    expect(wait).toBeLessThan(Math.min(800, 100 * 2 ** index));
  }
  expect(new Set(slept).size).toBe(8);
});

test("a server that says how long to wait is waited for, within bounds", async () => {
  const patient = thenWell(1, answering(429, { "retry-after": "7" }));
  const endless = thenWell(1, answering(503, { "retry-after": "99999" }));
  await using first = await serve(patient);
  await using second = await serve(endless);

  await first.client.send(order);
  await second.client.send(order);

  expect(first.clock.slept).toEqual([7_000]);
  expect(second.clock.slept).toEqual([60_000]);
});

test("an answer that does not come is given up in time, and asked for again", async () => {
  const silent = thenWell(1, () => undefined);
  await using server = await serve(silent, { timeoutMs: 50 });

  expect(await server.client.send(order)).toMatchObject({ status: 200 });
  expect(server.seen).toHaveLength(2);
});

test("never more requests at once than agreed", async () => {
  const held: ServerResponse[] = [];
  let most = 0;
  await using server = await serve(
    (_request, response) => {
      held.push(response);
      most = Math.max(most, held.length);
    },
    { concurrency: 3 },
  );
  let left = 9;

  const all = Array.from({ length: 9 }, () => server.client.send(order));
  // One answer at a time, and only when all places are taken: a further request would be seen here.
  while (left > 0) {
    await new Promise((resolve) => setImmediate(resolve));
    if (held.length < Math.min(3, left)) continue;
    left -= 1;
    held.shift()?.end("{}");
  }
  await Promise.all(all);

  expect(most).toBe(3);
});

test("every answered attempt is timed, a lost one is not", async () => {
  await using server = await serve(thenWell(1, (request) => request.socket.destroy()));

  await server.client.send(order);
  await server.client.send(order);

  expect(server.client.latencies).toEqual([1.5, 1.5]);
});

test("headers are asked for at every attempt, so that a signature is never stale", async () => {
  let asked = 0;
  await using server = await serve(thenWell(2, answering(503)));

  await server.client.send({
    ...order,
    headers: async () => ({ "idempotency-key": `asked-${(asked += 1)}` }),
  });

  expect(server.seen.map(({ key }) => key)).toEqual(["asked-1", "asked-2", "asked-3"]);
});

test("a token is fetched once for all, and anew a minute before it ends", async () => {
  await using server = await serve((_request, response, count) =>
    response.end(
      JSON.stringify({
        access_token: `token-${count}`,
        token_type: "Bearer",
        expires_in: 900,
        scope: "",
      }),
    ),
  );
  const { client, clock } = server;
  const token = accessToken({ client, clock, clientId: "c", clientSecret: "s", scopes: [] });

  const first = await Promise.all([token(), token(), token()]);
  clock.advance(839_000);
  const still = await token();
  clock.advance(1_001);
  const renewed = await token();

  expect(first).toEqual(["token-1", "token-1", "token-1"]);
  expect(still).toBe("token-1");
  expect(renewed).toBe("token-2");
  expect(server.seen[0]?.body).toContain("grant_type=client_credentials&client_id=c");
});

test("a token that could not be fetched is asked for again by the next who needs it", async () => {
  const token900 = { access_token: "good", token_type: "Bearer", expires_in: 900, scope: "" };
  await using server = await serve((_request, response, count) =>
    count === 1 ? response.writeHead(401).end("no") : response.end(JSON.stringify(token900)),
  );
  const { client, clock } = server;
  const token = accessToken({ client, clock, clientId: "c", clientSecret: "s", scopes: [] });

  await expect(token()).rejects.toThrow("POST /oauth2/token was refused: 401");
  expect(await token()).toBe("good");
});
