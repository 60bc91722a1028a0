// Webhook endpoints over HTTP: what their owner may do, what everybody else sees, and what is
// refused with nothing written.
import { beforeEach, describe, expect, test } from "vitest";
import { endpointCreated, endpointView } from "#contracts/http/webhook-endpoints";
import { later, seconds } from "#kernel/units";
import { ENDPOINTS, url, type WebhookApi, webhookApi } from "../../support/webhook-api.ts";
import { noon } from "../../support/webhook-samples.ts";

let api: WebhookApi;

beforeEach(() => {
  api = webhookApi();
});

describe("making one", () => {
  test("answers it with its secret, which nobody sees again", async () => {
    const answer = await api.create({ url, description: "mine", events: ["order.placed"] });

    const { secret, ...view } = endpointCreated.parse(answer.body);
    expect(answer.status).toBe(201);
    expect(answer.headers["location"]).toBe(`${ENDPOINTS}/${view.endpointId}`);
    expect(answer.headers["cache-control"]).toBe("no-store");
    const seen = await api.on("GET", view.endpointId);
    expect(endpointView.parse(seen.body)).toEqual(view);
    expect(seen.headers["etag"]).toBe(answer.headers["etag"]);
    const list = await api.call({ method: "GET", resource: ENDPOINTS });
    expect(list.body).toEqual({ endpoints: [view] });
    expect(seen.text + list.text).not.toContain(secret);
  });

  test("a repetition gets the same answer, another request under its key none", async () => {
    const answers = [await api.create(), await api.create()];
    const other = await api.create({ url: "https://other.example.com/" });

    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect(other.status).toBe(422);
    expect(other.body["type"]).toBe("urn:inorder:problem:idempotency-key-reused");
  });

  test("after a change a repetition does not tell the secret any more", async () => {
    const { id, etag } = await api.endpoint();
    await api.on("PATCH", id, { headers: { "if-match": etag }, body: { description: "x" } });

    expect((await api.create()).status).toBe(409);
  });

  test("there is a bound, which deleting makes room under", async () => {
    for (let count = 0; count < 10; count += 1) await api.create({ url }, `key-${count}`);

    expect((await api.create({ url }, "one-more")).status).toBe(409);
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
    const answer = await api.create(body);

    expect(answer.status).toBe(status);
    expect(answer.body["errors"]).toMatchObject([{ pointer }]);
    expect(api.table.partitions().length).toBe(0);
  });

  test("without a key, a scope or JSON it is refused", async () => {
    const plain = await api.call({ method: "POST", resource: ENDPOINTS, body: { url } });
    const reader = await api.create({ url }, "key", { scopes: ["webhooks:read"] });
    const text = await api.create("{");

    expect([plain.status, reader.status, text.status]).toEqual([400, 403, 400]);
    expect(api.table.partitions().length).toBe(0);
  });
});

describe("changing one", () => {
  test("needs the state that was read: 428 without, 412 with an old one", async () => {
    const { id, etag } = await api.endpoint();
    const body = { status: "disabled" };

    const blind = await api.on("PATCH", id, { body });
    const first = await api.on("PATCH", id, { body, headers: { "if-match": etag } });
    const stale = await api.on("PATCH", id, { body, headers: { "if-match": etag } });

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
    const { id, etag } = await api.endpoint();

    expect((await api.on("PATCH", id, { body, headers: { "if-match": etag } })).status).toBe(
      status,
    );
    expect((await api.on("GET", id)).headers["etag"]).toBe(etag);
  });

  test("a new secret is answered once, and moves the version", async () => {
    const { id, etag } = await api.endpoint();
    const rotate = (headers: Record<string, string>, body: unknown = {}) =>
      api.below("rotate-secret", { endpointId: id }, { headers, body });

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
    expect(await api.stores.endpoints.secrets(id)).toMatchObject({
      secret: rotated.body["secret"],
      former: [{ expiresAt: later(noon, seconds(60)) }],
    });
    expect((await api.on("GET", id)).headers["etag"]).toBe(rotated.headers["etag"]);
  });

  test("too many former secrets are refused, unless all of them end", async () => {
    const { id } = await api.endpoint();
    const rotate = async (body: unknown = {}) => {
      const { headers } = await api.on("GET", id);
      const seen = { "if-match": String(headers["etag"]) };
      return api.below("rotate-secret", { endpointId: id }, { headers: seen, body });
    };

    const statuses = [await rotate(), await rotate(), await rotate()].map(({ status }) => status);
    const ended = await rotate({ overlapSeconds: 0 });

    expect(statuses).toEqual([200, 200, 409]);
    expect(ended.status).toBe(200);
    expect(ended.body).not.toHaveProperty("formerUntil");
  });

  test("deleting needs the state too; then it is gone", async () => {
    const { id, etag } = await api.endpoint();

    const blind = await api.on("DELETE", id);
    const gone = await api.on("DELETE", id, { headers: { "if-match": etag } });
    const again = await api.on("DELETE", id, { headers: { "if-match": etag } });

    expect([blind.status, gone.status, again.status]).toEqual([428, 204, 404]);
    expect(await api.stores.endpoints.secrets(id)).toBeUndefined();
  });
});

describe("the endpoint of somebody else", () => {
  test.each(["bob's", "' OR 1=1; --", "ep_", "x".repeat(2000), ""])(
    "is none, as is %j",
    async (name) => {
      const { id, etag } = await api.endpoint();
      const endpointId = name === "bob's" ? id : name;
      const as = name === "bob's" ? { id: "bob" } : {};
      const headers = { "if-match": etag, "idempotency-key": "k" };
      const deliveryId = `msg_${"0".repeat(26)}`;

      const answers = [
        await api.on("GET", endpointId, { as }),
        await api.on("PATCH", endpointId, { as, headers, body: { status: "disabled" } }),
        await api.on("DELETE", endpointId, { as, headers }),
        await api.below("rotate-secret", { endpointId }, { as, headers, body: {} }),
        await api.below("test", { endpointId }, { as, headers }),
        await api.below(
          "deliveries/{deliveryId}/replay",
          { endpointId, deliveryId },
          { as, headers },
        ),
        await api.log(endpointId, {}, as),
      ];

      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    },
  );
});
