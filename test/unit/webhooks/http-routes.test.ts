// Webhook endpoints over HTTP: what their owner may do, what everybody else sees, and what is
// refused with nothing written.
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { beforeEach, describe, expect, test } from "vitest";
import { signedCursors } from "#adapters/http/signed-cursor";
import { refusedTarget } from "#adapters/http/webhook-target";
import { memoryTable } from "#adapters/memory/table";
import { memoryWebhooks } from "#adapters/memory/webhook-store";
import { deliveryPage, endpointCreated, endpointView } from "#contracts/http/webhook-endpoints";
import { parseJsonObject } from "#kernel/json";
import { later, seconds } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import { keptAnswers } from "#runtime/kept-answers";
import { afterAttempt } from "#services/webhooks/domain/delivery";
import { deliveryRoutes } from "../../../functions/webhooks/delivery-routes.ts";
import { endpointRoutes } from "../../../functions/webhooks/endpoint-routes.ts";
import { idempotencyTable } from "../../simulation/powertools/idempotency-table.ts";
import {
  countedSurroundings,
  type GatewayRequest,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";
import { noon, sampleDelivery } from "../../support/webhook-samples.ts";

const ENDPOINTS = "/v1/webhook-endpoints";
const ENDPOINT = `${ENDPOINTS}/{endpointId}`;
const url = "https://hooks.example.com/orders";

let table: ReturnType<typeof memoryTable>;
let stores: ReturnType<typeof memoryWebhooks>;
let records: ReturnType<typeof idempotencyTable>;
let now = noon;
let made = 0;

beforeEach(() => {
  records = idempotencyTable(() => undefined);
  table = memoryTable();
  stores = memoryWebhooks(table);
  now = noon;
});

type As = { readonly id?: string; readonly scopes?: readonly string[] };

async function call(request: GatewayRequest, as: As = {}) {
  const { id = "ann", scopes = ["webhooks:read", "webhooks:write"] } = as;
  const client = records.client("function", async (_operation, _kind, effect) => effect());
  const layer = new DynamoDBPersistenceLayer({ tableName: "answers", awsSdkV3Client: client });
  const handler = httpFunction(
    {
      service: "webhooks",
      verifier: { verify: async () => ({ id, scopes }) },
      answers: keptAnswers(layer),
      routes: [
        ...endpointRoutes({
          endpoints: stores.endpoints,
          checkUrl: (text) => refusedTarget(text, { allowsLoopback: false }),
          newSecret: () => `whsec_${(made += 1)}`,
        }),
        ...deliveryRoutes({ ...stores, cursors: signedCursors(async () => "secret") }),
      ],
    },
    countedSurroundings(now),
    untraced,
  );
  const headers = { authorization: "Bearer token", ...request.headers };
  const answer = await handler(gatewayEvent({ ...request, headers }), lambdaContext());
  const body = parseJsonObject(answer.body) ?? {};
  return { status: answer.statusCode, headers: answer.headers ?? {}, text: answer.body, body };
}

const create = (body: unknown = { url }, key = "key-1", as: As = {}) =>
  call({ method: "POST", resource: ENDPOINTS, headers: { "idempotency-key": key }, body }, as);

type On = { readonly body?: unknown; readonly headers?: Record<string, string>; readonly as?: As };

const on = (method: string, endpointId: string, { body, headers = {}, as = {} }: On = {}) =>
  call({ method, resource: ENDPOINT, parameters: { endpointId }, headers, body }, as);

const below = (path: string, parameters: Record<string, string>, { as = {}, ...rest }: On = {}) =>
  call({ method: "POST", resource: `${ENDPOINT}/${path}`, parameters, ...rest }, as);

async function endpoint() {
  const answer = await create();
  return { id: String(answer.body["endpointId"]), etag: String(answer.headers["etag"]) };
}

const counted = () => table.partitions().length;

describe("making one", () => {
  test("answers it with its secret, which nobody sees again", async () => {
    const answer = await create({ url, description: "mine", events: ["order.placed"] });

    const { secret, ...view } = endpointCreated.parse(answer.body);
    expect(answer.status).toBe(201);
    expect(answer.headers["location"]).toBe(`${ENDPOINTS}/${view.endpointId}`);
    expect(answer.headers["cache-control"]).toBe("no-store");
    const seen = await on("GET", view.endpointId);
    expect(endpointView.parse(seen.body)).toEqual(view);
    expect(seen.headers["etag"]).toBe(answer.headers["etag"]);
    const list = await call({ method: "GET", resource: ENDPOINTS });
    expect(list.body).toEqual({ endpoints: [view] });
    expect(seen.text + list.text).not.toContain(secret);
  });

  test("a repetition gets the same answer, another request under its key none", async () => {
    const answers = [await create(), await create()];
    const other = await create({ url: "https://other.example.com/" });

    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect(other.status).toBe(422);
    expect(other.body["type"]).toBe("urn:inorder:problem:idempotency-key-reused");
  });

  test("after a change a repetition does not tell the secret any more", async () => {
    const { id, etag } = await endpoint();
    await on("PATCH", id, { headers: { "if-match": etag }, body: { description: "x" } });

    expect((await create()).status).toBe(409);
  });

  test("there is a bound, which deleting makes room under", async () => {
    for (let count = 0; count < 10; count += 1) await create({ url }, `key-${count}`);

    expect((await create({ url }, "one-more")).status).toBe(409);
  });

  test.each([
    ["no URL", {}, 400, "/url"],
    ["a URL that is a number", { url: 7 }, 400, "/url"],
    ["an unknown field", { url, secret: "mine" }, 400, "/secret"],
    ["an unknown event", { url, events: ["order.eaten"] }, 400, "/events/0"],
    ["no event", { url, events: [] }, 400, "/events"],
    ["an event twice", { url, events: ["order.*", "order.*"] }, 400, "/events"],
    ["a long description", { url, description: "x".repeat(201) }, 400, "/description"],
    ["a long URL", { url: `${url}${"x".repeat(2048)}` }, 400, "/url"],
    ["no absolute URL", { url: "hooks" }, 422, "/url"],
    ["http", { url: "http://hooks.example.com/" }, 422, "/url"],
    ["the metadata service", { url: "https://169.254.169.254/" }, 422, "/url"],
    ["a local name", { url: "https://localhost/" }, 422, "/url"],
  ])("%s is refused", async (_, body, status, pointer) => {
    const answer = await create(body);

    expect(answer.status).toBe(status);
    expect(answer.body["errors"]).toMatchObject([{ pointer }]);
    expect(counted()).toBe(0);
  });

  test("without a key, a scope or JSON it is refused", async () => {
    const plain = await call({ method: "POST", resource: ENDPOINTS, body: { url } });
    const reader = await create({ url }, "key", { scopes: ["webhooks:read"] });
    const text = await create("{");

    expect([plain.status, reader.status, text.status]).toEqual([400, 403, 400]);
    expect(counted()).toBe(0);
  });
});

describe("changing one", () => {
  test("needs the state that was read: 428 without, 412 with an old one", async () => {
    const { id, etag } = await endpoint();
    const body = { status: "disabled" };

    const blind = await on("PATCH", id, { body });
    const first = await on("PATCH", id, { body, headers: { "if-match": etag } });
    const stale = await on("PATCH", id, { body, headers: { "if-match": etag } });

    expect([blind.status, first.status, stale.status]).toEqual([428, 200, 412]);
    expect(first.body).toMatchObject({ status: "disabled", disabledBecause: "owner" });
  });

  test.each([
    ["nothing", {}, 400],
    ["an unknown field", { version: 9 }, 400],
    ["an unknown status", { status: "gone" }, 400],
    ["a private address", { url: "https://10.0.0.1/" }, 422],
    ["no address", { url: null }, 400],
  ])("%s is refused", async (_, body, status) => {
    const { id, etag } = await endpoint();

    expect((await on("PATCH", id, { body, headers: { "if-match": etag } })).status).toBe(status);
    expect((await on("GET", id)).headers["etag"]).toBe(etag);
  });

  test("a new secret is answered once, and moves the version", async () => {
    const { id, etag } = await endpoint();
    const rotate = (headers: Record<string, string>, body: unknown = {}) =>
      below("rotate-secret", { endpointId: id }, { headers, body });

    const blind = await rotate({});
    const rotated = await rotate({ "if-match": etag }, { overlapSeconds: 60 });
    const stale = await rotate({ "if-match": etag });
    const wrong = await rotate({ "if-match": etag }, { overlapSeconds: -1 });

    expect([blind.status, rotated.status, stale.status, wrong.status]).toEqual([
      428, 200, 412, 400,
    ]);
    expect(rotated.body).toMatchObject({
      version: 2,
      formerUntil: "2023-11-14T22:14:20.000Z",
    });
    expect(await stores.endpoints.secrets(id)).toMatchObject({
      secret: rotated.body["secret"],
      former: [{ expiresAt: later(noon, seconds(60)) }],
    });
    expect((await on("GET", id)).headers["etag"]).toBe(rotated.headers["etag"]);
  });

  test("too many former secrets are refused, unless all of them end", async () => {
    const { id } = await endpoint();
    const rotate = async (body: unknown = {}) => {
      const { headers } = await on("GET", id);
      const seen = { "if-match": String(headers["etag"]) };
      return below("rotate-secret", { endpointId: id }, { headers: seen, body });
    };

    const statuses = [await rotate(), await rotate(), await rotate()].map(({ status }) => status);
    const ended = await rotate({ overlapSeconds: 0 });

    expect(statuses).toEqual([200, 200, 409]);
    expect(ended.status).toBe(200);
    expect(ended.body).not.toHaveProperty("formerUntil");
  });

  test("deleting needs the state too; then it is gone", async () => {
    const { id, etag } = await endpoint();

    const blind = await on("DELETE", id);
    const gone = await on("DELETE", id, { headers: { "if-match": etag } });
    const again = await on("DELETE", id, { headers: { "if-match": etag } });

    expect([blind.status, gone.status, again.status]).toEqual([428, 204, 404]);
    expect(await stores.endpoints.secrets(id)).toBeUndefined();
  });
});

describe("the endpoint of somebody else", () => {
  test.each(["bob's", "' OR 1=1; --", "ep_", "x".repeat(2000), ""])(
    "is none, as is %j",
    async (name) => {
      const { id, etag } = await endpoint();
      const endpointId = name === "bob's" ? id : name;
      const as = name === "bob's" ? { id: "bob" } : {};
      const headers = { "if-match": etag, "idempotency-key": "k" };
      const deliveryId = `msg_${"0".repeat(26)}`;

      const answers = [
        await on("GET", endpointId, { as }),
        await on("PATCH", endpointId, { as, headers, body: { status: "disabled" } }),
        await on("DELETE", endpointId, { as, headers }),
        await below("rotate-secret", { endpointId }, { as, headers, body: {} }),
        await below("test", { endpointId }, { as, headers }),
        await below("deliveries/{deliveryId}/replay", { endpointId, deliveryId }, { as, headers }),
        await log(endpointId, {}, as),
      ];

      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    },
  );
});

const log = (endpointId: string, query: Record<string, string> = {}, as: As = {}) =>
  call(
    {
      method: "GET",
      resource: `${ENDPOINT}/deliveries`,
      parameters: { endpointId },
      query,
    },
    as,
  );

describe("deliveries", () => {
  async function planned(count: number) {
    const { id } = await endpoint();
    const standing = await stores.endpoints.find("ann", id);
    if (standing === undefined) throw new Error("no endpoint");
    const all = Array.from({ length: count }, (_, index) =>
      sampleDelivery(standing, { sequence: index + 1 }),
    );
    for (const delivery of all) await stores.lanes.write([{ kind: "plan", delivery }]);
    return { id, all };
  }

  test("are listed newest first, by cursors of this endpoint only", async () => {
    const { id, all } = await planned(3);
    const ids = all.map(({ deliveryId }) => deliveryId).toReversed();

    const first = deliveryPage.parse((await log(id, { limit: "2" })).body);
    const cursor = first.next ?? "";
    const rest = deliveryPage.parse((await log(id, { cursor })).body);
    const other = String((await create({ url }, "key-2")).body["endpointId"]);

    expect(first.deliveries.map(({ deliveryId }) => deliveryId)).toEqual(ids.slice(0, 2));
    expect(rest.deliveries.map(({ deliveryId }) => deliveryId)).toEqual(ids.slice(2));
    expect(rest).not.toHaveProperty("next");
    expect((await log(other, { cursor })).status).toBe(400);
    expect((await log(id, { cursor: `${cursor}x` })).status).toBe(400);
    expect((await log(id, { limit: "101" })).status).toBe(400);
    expect((await log(id, { status: "failed" })).status).toBe(400);
  });

  test("a page is one query of deliveries, behind one read of the endpoint", async () => {
    const { id } = await planned(3);
    const before = table.requests.reads;

    await log(id);

    expect(table.requests.reads - before).toBe(2);
  });

  test("what is older than a month is neither listed nor replayed", async () => {
    const { id, all } = await planned(1);
    now = later(noon, seconds(31 * 86_400));

    expect((await log(id)).body["deliveries"]).toEqual([]);
    expect((await replay(id, all[0]?.deliveryId ?? "")).status).toBe(404);
  });

  const replay = (endpointId: string, deliveryId: string, key = "replay-1") =>
    below(
      "deliveries/{deliveryId}/replay",
      { endpointId, deliveryId },
      { headers: { "idempotency-key": key } },
    );

  test("one that is over is replayed once for its key, at the end of its lane", async () => {
    const { id, all } = await planned(1);
    const [delivery] = all;
    if (delivery === undefined) throw new Error("no delivery");
    const early = await replay(id, delivery.deliveryId, "early");
    const sent = { at: noon, durationMs: 3, status: 200, answer: "ok", outcome: "taken" } as const;
    await stores.deliveries.record(
      afterAttempt(delivery, sent, () => 0),
      delivery,
    );

    const answers = [await replay(id, delivery.deliveryId), await replay(id, delivery.deliveryId)];

    expect(early.status).toBe(409);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(await stores.deliveries.find(id, delivery.deliveryId)).toMatchObject({
      status: "pending",
      round: 2,
    });
    expect((await log(id)).body["deliveries"]).toMatchObject([
      { status: "pending", attemptsMade: 1, attempts: [{ number: 1, answer: "ok" }] },
    ]);
  });

  test.each(["", "msg_", "msg_' OR 1=1", "x".repeat(3000)])("there is no %j", async (name) => {
    const { id } = await endpoint();
    expect((await replay(id, name)).status).toBe(404);
  });

  test("a test is planned once for its key, and not where the endpoint is disabled", async () => {
    const { id, etag } = await endpoint();
    const sendTest = (key: string) =>
      below("test", { endpointId: id }, { headers: { "idempotency-key": key } });

    const answers = [await sendTest("one"), await sendTest("one"), await sendTest("two")];
    await on("PATCH", id, { headers: { "if-match": etag }, body: { status: "disabled" } });
    const disabled = await sendTest("three");
    const keyless = await below("test", { endpointId: id });

    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect((await log(id)).body["deliveries"]).toMatchObject([
      { eventType: "webhook.test", status: "pending" },
      { eventType: "webhook.test", status: "pending" },
    ]);
    expect([disabled.status, keyless.status]).toEqual([409, 400]);
  });
});
