import { expect, test } from "vitest";
import { memoryRecordStore } from "#adapters/memory/record-store";
import { webhookSettings } from "#contracts/http/provider";
import { milliseconds } from "#kernel/units";
import type { Charge } from "#services/provider/ports";
import { type Notice, noticesOf, tellChanges } from "#services/provider/tell-changes";
import { readWebhookSettings, replaceWebhookSettings } from "#services/provider/webhook-settings";

const charge = (paymentId: string, status: Charge["status"], refunded = 0): Charge => ({
  paymentId,
  status,
  amount: 1000,
  currency: "BRL",
  reference: "order-1",
  refunded,
});
const authorised = charge("pay-1", "authorised");
const captured = charge("pay-1", "captured");
const changes = [
  { before: undefined, after: authorised },
  { before: authorised, after: captured },
];
const states = (notices: readonly Notice[]): readonly unknown[] =>
  notices.map(({ body }) => (JSON.parse(body) as { payment: Charge }).payment.status);

test("nothing is told before an address is registered or after it is taken back", async () => {
  const settings = memoryRecordStore();
  const posted: string[] = [];
  const tell = () =>
    tellChanges(
      {
        settings: () => readWebhookSettings(settings),
        post: async (url) => void posted.push(url),
        clock: { sleep: async () => undefined },
      },
      changes,
    );
  let ids = 0;
  const ports = { settings, newId: () => String((ids += 1)) };

  await tell();
  await replaceWebhookSettings(ports, webhookSettings.parse({ url: "http://shop/webhook" }));
  await tell();
  await replaceWebhookSettings(ports, webhookSettings.parse({}));
  await tell();

  expect(posted).toEqual(["http://shop/webhook", "http://shop/webhook"]);
});

test("each change is told once and in order, where nothing else is asked for", () => {
  const notices = noticesOf(changes, { duplicatePercent: 0, disorderPercent: 0 });

  expect(states(notices)).toEqual(["authorised", "captured"]);
});

test("told twice, a change has the same id and text", () => {
  const notices = noticesOf(changes, { duplicatePercent: 100, disorderPercent: 0 });

  expect(states(notices)).toEqual(["authorised", "authorised", "captured", "captured"]);
  expect(new Set(notices.map(({ id }) => id)).size).toBe(2);
  expect(notices[0]).toEqual(notices[1]);
});

test("in disorder the state before is told once more, and a batch comes out of order", () => {
  const told = noticesOf(changes, { duplicatePercent: 0, disorderPercent: 100 });
  const many = Array.from({ length: 9 }, (_, index) => ({
    before: undefined,
    after: charge(`pay-${index}`, "authorised"),
  }));
  const shuffled = noticesOf(many, { duplicatePercent: 0, disorderPercent: 100 });

  expect(told).toHaveLength(3);
  expect(new Set(states(told))).toEqual(new Set(["authorised", "captured"]));
  expect(new Set(told.map(({ id }) => id)).size).toBe(2);
  expect(shuffled).toHaveLength(9);
  expect(shuffled).not.toEqual(noticesOf(many, { duplicatePercent: 0, disorderPercent: 0 }));
});

test("a refund is a change of its own", () => {
  const ids = [captured, charge("pay-1", "captured", 300)].flatMap((after) =>
    noticesOf([{ before: undefined, after }], { duplicatePercent: 0, disorderPercent: 0 }),
  );

  expect(new Set(ids.map(({ id }) => id)).size).toBe(2);
});

test("latency is slept before each, and what is not taken fails the telling", async () => {
  const slept: number[] = [];
  const url = "http://shop/webhook";
  const telling = tellChanges(
    {
      settings: async () => webhookSettings.parse({ url, latencyMs: 40 }),
      post: () => Promise.reject(new Error("503")),
      clock: { sleep: async (lasting) => void slept.push(lasting) },
    },
    changes,
  );

  await expect(telling).rejects.toThrow("503");
  expect(slept).toEqual([milliseconds(40)]);
});

test.for([
  { url: "ftp://shop" },
  { url: "shop" },
  { url: 7 },
  { duplicatePercent: 101 },
  { disorderPercent: -1 },
  { latencyMs: 1.5 },
  { secret: "x" },
])("%j is refused", (wrong) => {
  expect(webhookSettings.safeParse(wrong).success).toBe(false);
});
