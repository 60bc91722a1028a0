// The log of deliveries over HTTP, tests and replays.
import { beforeEach, describe, expect, test } from "vitest";
import { deliveryPage, endpointCreated } from "#contracts/http/webhook-endpoints";
import { later, seconds } from "#kernel/units";
import { afterAttempt } from "#services/webhooks/domain/delivery";
import { url, type WebhookApi, webhookApi } from "../../support/webhook-api.ts";
import { noon, sampleDelivery } from "../../support/webhook-samples.ts";

let api: WebhookApi;

beforeEach(() => {
  api = webhookApi();
});

describe("deliveries", () => {
  async function planned(count: number) {
    const { id } = await api.endpoint();
    const standing = await api.stores.endpoints.find("ann", id);
    if (standing === undefined) throw new Error("no endpoint");
    const all = Array.from({ length: count }, (_, index) =>
      sampleDelivery(standing, { sequence: index + 1 }),
    );
    for (const delivery of all) await api.stores.lanes.write([{ kind: "plan", delivery }]);
    return { id, all };
  }

  test("are listed newest first, by cursors of this endpoint only", async () => {
    const { id, all } = await planned(3);
    const ids = all.map(({ deliveryId }) => deliveryId).toReversed();

    const answer = await api.log(id, { limit: "2" });
    const first = deliveryPage.parse(answer.body);
    const cursor = first.next ?? "";
    const rest = deliveryPage.parse((await api.log(id, { cursor })).body);
    const other = endpointCreated.parse((await api.create({ url }, "key-2")).body).endpointId;

    expect(first.deliveries.map(({ deliveryId }) => deliveryId)).toEqual(ids.slice(0, 2));
    expect(rest.deliveries.map(({ deliveryId }) => deliveryId)).toEqual(ids.slice(2));
    expect(rest).not.toHaveProperty("next");
    expect(answer.headers).toMatchObject({ link: `<?limit=2&cursor=${cursor}>; rel="next"` });
    expect((await api.log(other, { cursor })).status).toBe(400);
    expect((await api.log(id, { cursor: `${cursor}x` })).status).toBe(400);
    expect((await api.log(id, { limit: "101" })).status).toBe(400);
    expect((await api.log(id, { status: "failed" })).status).toBe(400);
  });

  test("a page is one query of deliveries, behind one read of the endpoint", async () => {
    const { id } = await planned(3);
    const before = api.table.requests.reads;

    await api.log(id);

    expect(api.table.requests.reads - before).toBe(2);
  });

  test("what is older than a month is neither listed nor replayed", async () => {
    const { id, all } = await planned(1);
    api.time.now = later(noon, seconds(31 * 86_400));

    expect((await api.log(id)).body["deliveries"]).toEqual([]);
    expect((await replay(id, all[0]?.deliveryId ?? "")).status).toBe(404);
  });

  const replay = (endpointId: string, deliveryId: string, key = "replay-1") =>
    api.below(
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
    await api.stores.deliveries.record(
      afterAttempt(delivery, sent, () => 0),
      delivery,
    );

    const answers = [await replay(id, delivery.deliveryId), await replay(id, delivery.deliveryId)];

    expect(early.status).toBe(409);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(await api.stores.deliveries.find(id, delivery.deliveryId)).toMatchObject({
      status: "pending",
      round: 2,
    });
    expect((await api.log(id)).body["deliveries"]).toMatchObject([
      { status: "pending", attemptsMade: 1, attempts: [{ number: 1, answer: "ok" }] },
    ]);
  });

  test.each(["", "msg_", "msg_' OR 1=1", "x".repeat(3000)])("there is no %j", async (name) => {
    const { id } = await api.endpoint();
    expect((await replay(id, name)).status).toBe(404);
  });

  test("a test is planned once for its key, and not where the endpoint is disabled", async () => {
    const { id, etag } = await api.endpoint();
    const sendTest = (key: string) =>
      api.below("test", { endpointId: id }, { headers: { "idempotency-key": key } });

    const answers = [await sendTest("one"), await sendTest("one"), await sendTest("two")];
    await api.on("PATCH", id, { headers: { "if-match": etag }, body: { status: "disabled" } });
    const disabled = await sendTest("three");
    const keyless = await api.below("test", { endpointId: id });

    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect((await api.log(id)).body["deliveries"]).toMatchObject([
      { eventType: "webhook.test", status: "pending" },
      { eventType: "webhook.test", status: "pending" },
    ]);
    expect([disabled.status, keyless.status]).toEqual([409, 400]);
  });
});
