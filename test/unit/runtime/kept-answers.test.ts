// The header Idempotency-Key in the onion: what a repetition is answered, and what frees the key.
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { problemSchema } from "#contracts/http/problem";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import { type HttpAnswer, type HttpRequest, route } from "#runtime/http-route";
import { idempotencyMetrics } from "#runtime/idempotency-metrics";
import { keptAnswers } from "#runtime/kept-answers";
import { idempotencyTable } from "../../simulation/powertools/idempotency-table.ts";
import {
  type CountedSurroundings,
  countedSurroundings,
  type GatewayRequest,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";

const noon = 1_700_000_000_000 as EpochMs;

type Handle = (request: HttpRequest<unknown, unknown>) => Promise<HttpAnswer>;

let handled: HttpRequest<unknown, unknown>[];
let handle: Handle;
/** Operations of the record store that do not arrive. */
let broken: string[];
let surroundings: CountedSurroundings;
let table: ReturnType<typeof idempotencyTable>;

beforeEach(() => {
  handled = [];
  broken = [];
  surroundings = countedSurroundings(noon);
  handle = async () => ({
    status: 201,
    body: { made: handled.length },
    headers: { location: "/1" },
  });
  table = idempotencyTable(() => undefined);
});

/** A token is the name of its subject here. */
const verifier = { verify: async (token: string) => ({ id: token, scopes: ["inventory:write"] }) };

const adjusting = route({
  route: "POST /v1/inventory/{sku}/adjustments",
  bodySchema: z.strictObject({ delta: z.int(), reason: z.string().optional() }),
  handle: async (request) => {
    handled.push(request);
    return handle(request);
  },
});

async function call(key: string | undefined, change: Partial<GatewayRequest> = {}, token = "ann") {
  const client = table.client("function", async (operation, _kind, effect) => {
    if (broken.includes(operation)) throw new Error(`${operation} did not arrive`);
    return effect();
  });
  const metrics = idempotencyMetrics(surroundings.telemetry);
  const layer = new DynamoDBPersistenceLayer({ tableName: "answers", awsSdkV3Client: client });
  const handler = httpFunction(
    { service: "inventory", verifier, answers: keptAnswers(layer, metrics), routes: [adjusting] },
    surroundings,
    untraced,
  );
  const event = gatewayEvent({
    method: "POST",
    resource: "/v1/inventory/{sku}/adjustments",
    parameters: { sku: "lamp" },
    body: { delta: 1 },
    ...change,
    headers: {
      authorization: `Bearer ${token}`,
      ...(key === undefined ? {} : { "Idempotency-Key": key }),
    },
  });
  const answer = await handler(event, lambdaContext());
  return { status: answer.statusCode, body: answer.body, headers: answer.headers ?? {} };
}

const typeOf = ({ body }: { readonly body: string }): string =>
  problemSchema.parse(JSON.parse(body)).type.replace("urn:inorder:problem:", "");

test("a repetition gets the same status, headers and bytes, and works no more", async () => {
  const first = await call("key-1");
  const second = await call("key-1");

  expect(first).toMatchObject({ status: 201, body: '{"made":1}', headers: { location: "/1" } });
  expect([second.status, second.body]).toEqual([first.status, first.body]);
  expect(second.headers["location"]).toBe("/1");
  expect(second.headers["content-type"]).toBe("application/json");
  expect(handled).toHaveLength(1);
});

test("the headers of the repetition itself are its own", async () => {
  const [first, second] = [await call("key-1"), await call("key-1")];

  expect(second.headers["traceparent"]).not.toBe(first.headers["traceparent"]);
});

test.each([
  { name: "bare and quoted", key: '"key-1"', change: {} },
  { name: "the order of fields and the spaces", key: "key-1", change: { body: ' {"delta":1 }' } },
])("$name make no other request", async ({ key, change }) => {
  await call("key-1");

  expect(await call(key, change)).toMatchObject({ status: 201, body: '{"made":1}' });
  expect(handled).toHaveLength(1);
});

test.each([
  { name: "no key", key: undefined, code: "idempotency-key-missing" },
  { name: "an empty key", key: "", code: "idempotency-key-missing" },
  { name: "a key with a space", key: "key 1", code: "invalid-request" },
])("$name is refused before anything is done", async ({ key, code }) => {
  const answer = await call(key);

  expect([answer.status, typeOf(answer)]).toEqual([400, code]);
  expect(handled).toEqual([]);
});

test.each([
  { name: "another body", change: { body: { delta: 2 } } },
  { name: "another path", change: { parameters: { sku: "sofa" } } },
])("one key for $name is refused, and the first answer stays", async ({ change }) => {
  await call("key-1");

  const other = await call("key-1", change);

  expect([other.status, typeOf(other)]).toEqual([422, "idempotency-key-reused"]);
  expect(await call("key-1")).toMatchObject({ status: 201, body: '{"made":1}' });
  expect(handled).toHaveLength(1);
});

test("one key of another caller is another request", async () => {
  await call("key-1", {}, "ann");

  expect(await call("key-1", {}, "bob")).toMatchObject({ status: 201, body: '{"made":2}' });
});

test("a twin in flight is told to come again, and then answered", async () => {
  const started = Promise.withResolvers<void>();
  const end = Promise.withResolvers<HttpAnswer>();
  handle = () => {
    started.resolve();
    return end.promise;
  };
  const first = call("key-1");
  await started.promise;

  const twin = await call("key-1");
  const other = await call("key-1", { body: { delta: 2 } });

  expect([twin.status, typeOf(twin)]).toEqual([409, "request-in-progress"]);
  expect(twin.headers["retry-after"]).toBe("1");
  expect(other.status).toBe(422);
  end.resolve({ status: 201, body: { made: "late" } });
  expect(await first).toMatchObject({ body: '{"made":"late"}' });
  expect(await call("key-1")).toMatchObject({ body: '{"made":"late"}' });
  expect(handled).toHaveLength(1);
});

test("what was refused for good is refused again with the same bytes", async () => {
  handle = () => Promise.reject(new Failure("out-of-stock", "reject", "Not enough."));
  const first = await call("key-1");
  handle = async () => ({ status: 201, body: {} });

  const second = await call("key-1");

  expect([first.status, typeOf(first)]).toEqual([409, "out-of-stock"]);
  expect([second.status, second.body]).toEqual([409, first.body]);
  expect(second.headers["content-type"]).toBe("application/problem+json");
  expect(handled).toHaveLength(1);
});

test.each<{ readonly name: string; readonly status: number; readonly failing: Handle }>([
  {
    name: "a conflict that passes",
    status: 409,
    failing: () => Promise.reject(new Failure("conflict", "retry", "Somebody was first.")),
  },
  {
    name: "a store that is away",
    status: 503,
    failing: () => Promise.reject(new Failure("store-unavailable", "retry", "No store.")),
  },
  { name: "a bug", status: 500, failing: () => Promise.reject(new Error("oops")) },
  { name: "an answer of 502", status: 502, failing: async () => ({ status: 502, body: {} }) },
])("$name is not kept: the key is free again", async ({ status, failing }) => {
  handle = failing;
  expect((await call("key-1")).status).toBe(status);
  handle = async () => ({ status: 201, body: { made: "now" } });

  expect(await call("key-1")).toMatchObject({ status: 201, body: '{"made":"now"}' });
  expect(table.records()).toHaveLength(1);
});

test("what is refused before the handler does not take the key", async () => {
  expect((await call("key-1", { body: { delta: "one" } })).status).toBe(400);
  expect(table.records()).toEqual([]);
  expect((await call("key-1")).status).toBe(201);
});

test("where the key cannot be looked up nothing is done", async () => {
  broken = ["idempotency.put"];

  const answer = await call("key-1");

  expect([answer.status, typeOf(answer)]).toEqual([503, "store-unavailable"]);
  expect(handled).toEqual([]);
});

test("where the answer cannot be kept nobody is told that all is well", async () => {
  broken = ["idempotency.update"];

  const answer = await call("key-1");

  expect([answer.status, typeOf(answer)]).toEqual([503, "outcome-unknown"]);
  expect(handled).toHaveLength(1);
});

const counted = () =>
  Object.fromEntries([...surroundings.counts].filter(([name]) => name.startsWith("Idempotency")));

test("what became of each key is counted once, under names and no key", async () => {
  await call("key-1");
  await call("key-1");
  await call("key-1", { body: { delta: 2 } });
  handle = () => Promise.reject(new Failure("store-unavailable", "retry", "No store."));
  await call("key-2");
  handle = async () => ({ status: 502, body: {} });
  await call("key-2");
  broken = ["idempotency.update"];
  handle = async () => ({ status: 201, body: {} });
  await call("key-3");
  broken = [];
  await call("key-3");

  expect(counted()).toEqual({
    IdempotencyMisses: 4,
    IdempotencyHits: 1,
    IdempotencyConflicts: 1,
    IdempotencyReleased: 2,
    IdempotencyLost: 1,
    IdempotencyInProgress: 1,
  });
});

test("a function with such a route and nowhere to keep answers does not start", () => {
  const start = () =>
    httpFunction({ service: "inventory", verifier, routes: [adjusting] }, surroundings, untraced);

  expect(start).toThrow("needs `answers` to keep its answers in");
});
