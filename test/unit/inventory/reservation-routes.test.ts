// Reservations over HTTP: made once for a key, one's own, bounded in time, given back.
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { beforeEach, expect, test } from "vitest";
import { reservationView } from "#contracts/http/inventory";
import { problemSchema } from "#contracts/http/problem";
import type { EpochMs } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import { keptAnswers } from "#runtime/kept-answers";
import { expireHolds } from "#services/inventory/expire-holds";
import { reservationRoutes } from "../../../functions/inventory/reservation-routes.ts";
import { stockRoutes } from "../../../functions/inventory/routes.ts";
import { idempotencyTable } from "../../simulation/powertools/idempotency-table.ts";
import {
  countedSurroundings,
  type GatewayRequest,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";
import { memoryInventory } from "../../support/memory-inventory.ts";

const noon = 1_700_000_000_000 as EpochMs;
const soon = "2023-11-14T22:14:20.000Z";
const SOON_MS = 60_000;

let shop: ReturnType<typeof memoryInventory>;
let now: EpochMs;

beforeEach(async () => {
  shop = memoryInventory();
  now = noon;
  await shop.stock.receive("lamp", 10);
});

async function call(
  request: GatewayRequest,
  { caller = "ann", scopes = ["inventory:reserve", "inventory:read", "inventory:write"] } = {},
) {
  const verifier = { verify: async () => ({ id: caller, scopes }) };
  const records = idempotencyTable(() => undefined);
  const client = records.client("function", async (_operation, _kind, effect) => effect());
  const handler = httpFunction(
    {
      service: "inventory",
      verifier,
      answers: keptAnswers(
        new DynamoDBPersistenceLayer({ tableName: "answers", awsSdkV3Client: client }),
      ),
      routes: [...reservationRoutes(shop), ...stockRoutes(shop)],
    },
    countedSurroundings(now),
    untraced,
  );
  const headers = { authorization: "Bearer token", ...request.headers };
  return handler(gatewayEvent({ ...request, headers }), lambdaContext());
}

const wanted = { lines: [{ sku: "lamp", quantity: 3 }], expiresAt: soon };

const reserve = (body: unknown = wanted, key: string | undefined = "key-1") =>
  call({
    method: "POST",
    resource: "/v1/reservations",
    headers: key === "" ? {} : { "idempotency-key": key },
    body,
  });

const at = (method: "GET" | "DELETE", reservationId: string, caller = "ann") =>
  call(
    { method, resource: "/v1/reservations/{reservationId}", parameters: { reservationId } },
    { caller },
  );

const viewOf = ({ body }: { readonly body: string }) => reservationView.parse(JSON.parse(body));

const reservedLamps = async () => (await shop.stock.levels(["lamp"]))[0]?.reserved;

test("a reservation holds its merged lines until its end", async () => {
  const lines = [1, 2].map((quantity) => ({ sku: "lamp", quantity }));
  const answer = await reserve({ ...wanted, lines });

  const { reservationId } = viewOf(answer);
  expect(answer.statusCode).toBe(201);
  expect(answer.headers?.["location"]).toBe(`/v1/reservations/${reservationId}`);
  expect(viewOf(answer)).toEqual({
    reservationId,
    status: "held",
    lines: [{ sku: "lamp", quantity: 3 }],
    expiresAt: soon,
  });
  expect(viewOf(await at("GET", reservationId))).toEqual(viewOf(answer));
  expect(await reservedLamps()).toBe(3);
});

test("one key makes one reservation, and stands for no other", async () => {
  const first = await reserve();

  const again = await reserve();
  const more = await reserve({ ...wanted, lines: [{ sku: "lamp", quantity: 4 }] });
  const longer = await reserve({ ...wanted, expiresAt: "2023-11-14T22:15:20.000Z" });
  const none = await reserve(wanted, "");

  expect([again.statusCode, again.body]).toEqual([201, first.body]);
  expect([more.statusCode, longer.statusCode, none.statusCode]).toEqual([422, 422, 400]);
  expect(await reservedLamps()).toBe(3);
});

test("repeated after its end it is answered as it is, and holds nothing anew", async () => {
  await reserve();
  now = (noon + SOON_MS) as EpochMs;

  const unswept = await reserve();
  await expireHolds({ ...shop, count: () => undefined }, now);
  const swept = await reserve();

  expect([unswept, swept].map(({ statusCode }) => statusCode)).toEqual([201, 201]);
  expect([unswept, swept].map((answer) => viewOf(answer).status)).toEqual(["expired", "expired"]);
  expect(await reservedLamps()).toBe(0);
});

test("it is given back once, and again changes nothing", async () => {
  const { reservationId } = viewOf(await reserve());

  const answers = [await at("DELETE", reservationId), await at("DELETE", reservationId)];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204]);
  expect(viewOf(await at("GET", reservationId)).status).toBe("released");
  expect(viewOf(await reserve()).status).toBe("released");
  expect(await reservedLamps()).toBe(0);
});

test("somebody else's is not there, nor is an order's hold", async () => {
  const { reservationId } = viewOf(await reserve());
  const orderId = "0123456789ABCDEFGHJKMNPQRS";
  await shop.stock.reserve(orderId, [{ sku: "lamp", quantity: 1 }], noon);

  for (const method of ["GET", "DELETE"] as const) {
    expect((await at(method, reservationId, "bob")).statusCode).toBe(404);
    expect((await at(method, orderId)).statusCode).toBe(404);
    expect((await at(method, "nonsense")).statusCode).toBe(404);
    expect((await at(method, "x".repeat(3_000))).statusCode).toBe(404);
  }
  expect(await reservedLamps()).toBe(4);
});

test("more than there is is out of stock, by its SKUs", async () => {
  const answer = await reserve({ ...wanted, lines: [{ sku: "lamp", quantity: 11 }] });

  expect(answer.statusCode).toBe(409);
  expect(problemSchema.parse(JSON.parse(answer.body))).toMatchObject({
    type: "urn:inorder:problem:out-of-stock",
    errors: [{ pointer: "/lines/0", sku: "lamp" }],
  });
});

test.each([
  { body: { ...wanted, expiresAt: "2023-11-14T22:13:20.000Z" }, says: "/expiresAt" },
  { body: { ...wanted, expiresAt: "2023-11-15T22:13:20.001Z" }, says: "/expiresAt" },
  { body: { ...wanted, expiresAt: "tomorrow" }, says: "/expiresAt" },
  { body: { ...wanted, lines: [] }, says: "/lines" },
  { body: { ...wanted, lines: [{ sku: "lamp", quantity: 0 }] }, says: "/lines/0/quantity" },
  { body: { ...wanted, lines: [{ sku: "a b", quantity: 1 }] }, says: "/lines/0/sku" },
  { body: { ...wanted, owner: "bob" }, says: "/owner" },
])("the reservation $body is refused at $says", async ({ body, says }) => {
  const answer = await reserve(body);

  expect(answer.statusCode).toBe(400);
  expect(answer.body).toContain(`"${says}"`);
});

test("its scope is asked for", async () => {
  const request = { method: "POST", resource: "/v1/reservations", body: wanted } as const;

  expect((await call(request, { scopes: ["inventory:write"] })).statusCode).toBe(403);
});

const shards = (body: unknown, sku = "lamp") =>
  call({ method: "PUT", resource: "/v1/inventory/{sku}/shards", parameters: { sku }, body });

test("the shards of a SKU are set, and set again", async () => {
  const answers = [await shards({ shards: 4 }), await shards({ shards: 4 })];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  expect(answers.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { sku: "lamp", shards: 4, movedUnits: 10 },
    { sku: "lamp", shards: 4, movedUnits: 0 },
  ]);
  expect(viewOf(await reserve()).status).toBe("held");
});

test.each([0, 33, 1.5, "4"])("%j is no number of shards", async (count) => {
  expect((await shards({ shards: count })).statusCode).toBe(400);
});

test.each(["sofa", "a b"])("the SKU %j has no shards to be set", async (sku) => {
  expect((await shards({ shards: 2 }, sku)).statusCode).toBe(404);
});

const listed = (query: Readonly<Record<string, string>>, sku = "lamp") =>
  call({
    method: "GET",
    resource: "/v1/inventory/{sku}/adjustments",
    parameters: { sku },
    query,
  });

test("adjustments are listed page by page, the newest first, by cursors of that SKU", async () => {
  for (const [index, delta] of [1, 2, 3].entries()) {
    const adjustedAt = (noon + index) as EpochMs;
    const id = `id-${index}`;
    await shop.adjustments.adjust({ id, sku: "lamp", delta, reason: "found", adjustedAt });
  }
  await shop.stock.receive("sofa", 1);

  const first = JSON.parse((await listed({ limit: "2" })).body) as Page;
  const second = JSON.parse((await listed({ limit: "2", cursor: first.next })).body) as Page;
  const foreign = await listed({ cursor: first.next }, "sofa");

  const deltas = [...first.adjustments, ...second.adjustments].map(({ delta }) => delta);
  expect(deltas).toEqual([3, 2, 1]);
  expect(second.next).toBeUndefined();
  expect(foreign.statusCode).toBe(400);
  expect(JSON.parse((await listed({}, "sofa")).body)).toEqual({ adjustments: [] });
  expect((await listed({}, "nothing")).statusCode).toBe(404);
});

type Page = { readonly adjustments: readonly { readonly delta: number }[]; readonly next: string };

test.each([{ limit: "0" }, { limit: "101" }, { cursor: "x" }, { unknown: "1" }])(
  "the page %j of adjustments is refused",
  async (query) => {
    expect((await listed(query as Readonly<Record<string, string>>)).statusCode).toBe(400);
  },
);
