// What operators do about streams that stand still, with the commands that they have.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { DeleteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { beforeAll, expect, inject, test } from "vitest";
import type { OrderTimeline, OrderView } from "#contracts/http/orders";
import type { FulfilmentBody } from "#contracts/http/webhooks";
import { dynamoGenerations } from "#adapters/aws/dynamodb/generation-store";
import { consumerIn } from "#contracts/projection";
import { METRICS, SERVICES } from "#contracts/metrics";
import { eventually } from "../support/eventually.ts";
import { openShop } from "../support/shop.ts";

const root = join(import.meta.dirname, "..", "..");
const shop = openShop(inject("shop"));
let token = "";

beforeAll(async () => {
  token = await shop.token("orders:write", "orders:read");
});

type Ended = { readonly code: number; readonly output: string };

const command = (script: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, ...shop.environment };
    execFile(process.execPath, [script, ...args], { cwd: root, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, output: `${stdout}\n${stderr}` });
    });
  });

const resolveCommand = (...args: string[]) => command("bin/resolve.ts", ...args);
const why = ["--reason", "said twice", "--author", "ada"];

const step = (
  orderId: string,
  sequence: number,
  type: "approved" | "handed-to-carrier" | "delivered",
): FulfilmentBody => ({ orderId, sequence, type, occurredAt: `2030-01-0${sequence}T10:00:00Z` });

/** Approved, approved once more (which can never be), and two reports behind it. */
async function haltedOrder(): Promise<OrderView> {
  const { orderId } = await shop.settledOrder(token, await shop.product(1000, 9));
  await shop.report(step(orderId, 1, "approved"));
  await shop.report(step(orderId, 2, "approved"));
  await shop.report(step(orderId, 4, "delivered"));
  await shop.report(step(orderId, 3, "handed-to-carrier"));
  return await shop.orderOnce(
    token,
    orderId,
    ({ fulfilment }) => fulfilment.status === "halted" && fulfilment.parked === 3,
  );
}

const delivered = (orderId: string) =>
  shop.orderOnce(token, orderId, ({ status }) => status === "delivered");

async function reportsOf(orderId: string): Promise<readonly unknown[]> {
  const timeline = await shop.call("GET", `/v1/orders/${orderId}/events`, { token });
  return (timeline.body as OrderTimeline).events.slice(3).map(({ data }) => data["report"]);
}

test("a halted stream is listed and shown with its cause, its message and what waits", async () => {
  const { orderId } = await haltedOrder();

  const [listed, shown] = await Promise.all([
    resolveCommand("list"),
    resolveCommand("show", orderId),
  ]);

  expect(listed.output).toMatch(new RegExp(`${orderId} +2 .* 3 +fulfilment-not-expected: `));
  expect(shown.output).toMatch(/^halted +at 2 since 20/m);
  expect(shown.output).toMatch(/^parked +2 3 4$/m);
  expect(shown.output).toMatch(/^data +{.*"report":"approved"/m);
});

test("skip leaves the poison out, and what waited behind it is applied in order", async () => {
  const { orderId } = await haltedOrder();

  const ended = await resolveCommand("skip", orderId, ...why);

  expect(ended.code === 0 ? "done" : ended.output).toBe("done");
  const order = await delivered(orderId);
  expect(order.fulfilment).toMatchObject({ status: "running", lastSequence: 4, parked: 0 });
  expect(await reportsOf(orderId)).toEqual(["approved", "handed-to-carrier", "delivered"]);
  const { output } = await resolveCommand("show", orderId);
  expect(output).toMatch(/skip by ada \(said twice\)$/m);
  expect((await resolveCommand("list")).output).not.toContain(orderId);
});

test("replace applies other data in the poison's place", async () => {
  const { orderId } = await haltedOrder();
  const data = JSON.stringify({ report: "final-status", status: "invoiced", receivedAt: 1 });

  const ended = await resolveCommand("replace", orderId, "--data", data, ...why);

  expect(ended.code === 0 ? "done" : ended.output).toBe("done");
  await delivered(orderId);
  expect(await reportsOf(orderId)).toEqual([
    "approved",
    "final-status",
    "handed-to-carrier",
    "delivered",
  ]);
});

test("a retry in vain halts again; a decision that came late is refused", async () => {
  const { orderId } = await haltedOrder();

  const retried = await resolveCommand("retry", orderId, ...why);
  const again = await shop.orderOnce(token, orderId, ({ fulfilment: { status } }) => {
    return status === "halted";
  });
  await resolveCommand("skip", orderId, ...why);
  await delivered(orderId);
  const late = await resolveCommand("skip", orderId, "--sequence", "2", ...why);

  expect(retried.code).toBe(0);
  expect(again.fulfilment).toMatchObject({ parked: 3, halt: { sequence: 2 } });
  expect(late.code).toBe(1);
  expect(late.output).toMatch(/skip was refused: sequence 2 neither halts the stream nor is it/);
});

test("dead letters are redriven: what was not applied is, what was is dropped", async () => {
  const { orderId } = await shop.settledOrder(token, await shop.product(1000, 9));
  await shop.report(step(orderId, 1, "approved"), "wh-1");
  await shop.orderOnce(token, orderId, ({ status }) => status === "approved");
  const sqs = new SQSClient(shop.connection);
  for (const sequence of [1, 2] as const) {
    const type = sequence === 1 ? "approved" : "delivered";
    const { occurredAt } = { occurredAt: `2030-01-0${sequence}T10:00:00.000Z` };
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: shop.outputs.FulfilmentDeadLetterQueueUrl,
        MessageGroupId: orderId,
        MessageDeduplicationId: randomUUID(),
        MessageBody: JSON.stringify({
          specversion: "1.0",
          id: `wh-${sequence}`,
          source: "urn:inorder:webhooks:fulfilment",
          type: "fulfilment.reported",
          time: occurredAt,
          subject: orderId,
          datacontenttype: "application/json",
          partitionkey: orderId,
          sequence,
          data: { report: type, receivedAt: 1 },
        }),
      }),
    );
  }

  const ended = await command("bin/redrive.ts");

  expect(ended.code === 0 ? "done" : ended.output).toBe("done");
  expect(ended.output).toMatch(new RegExp(`^${orderId}  received too often$`, "m"));
  const order = await delivered(orderId);
  expect(order.fulfilment).toMatchObject({ lastSequence: 2, status: "running", violations: [] });
  expect(await reportsOf(orderId)).toEqual(["approved", "delivered"]);
});

test("what a consumer has lost is sent again from the store", async () => {
  const { orderId } = await shop.settledOrder(token, await shop.product(1000, 9));
  await shop.listed(token, [orderId], "confirmed");
  const dynamo = new DynamoDBClient(shop.connection);
  const { live } = await dynamoGenerations({
    client: dynamo,
    table: shop.outputs.OrderListTable,
  }).read();
  const Key = { pk: { S: orderId }, sk: { S: consumerIn("head#order-list", live) } };
  await dynamo.send(new DeleteItemCommand({ TableName: shop.outputs.OrderListTable, Key }));
  const page = await shop.call("GET", "/v1/orders?limit=100", { token });

  const ended = await command("bin/resend.ts", "--stream", orderId, "--from", "1");

  expect(JSON.stringify(page.body)).not.toContain(orderId);
  expect(ended.output).toContain(`3 events of ${orderId} sent again`);
  await shop.listed(token, [orderId], "confirmed");
});

test("all since an instant is sent again, and changes nothing where nothing is lost", async () => {
  const { orderId } = await shop.settledOrder(token, await shop.product(1000, 9));
  await shop.listed(token, [orderId], "confirmed");
  const heads = async () =>
    (await shop.items(shop.outputs.OrderListTable)).filter(({ pk }) => pk === orderId);
  const before = await heads();
  const dropped = () => shop.metricSum(METRICS.duplicatesDropped, SERVICES.orderList);
  const droppedBefore = await dropped();

  const ended = await command(
    "bin/resend.ts",
    "--since",
    new Date(Date.now() - 60_000).toISOString(),
  );
  await eventually(async () => (await dropped()) > droppedBefore, { withinMs: 60_000 });

  expect(ended.output).toMatch(/^\d+ events of \d+ streams since 20.* sent again, in http/m);
  expect(await heads()).toEqual(before);
});

test("commands that cannot be right are refused in one line", async () => {
  const [consumer, stream, resend, since] = await Promise.all([
    resolveCommand("list", "--consumer", "payments"),
    resolveCommand("show", "nobody"),
    command("bin/resend.ts", "--consumer", "fulfilment", "--since", "2030-01-01T00:00:00Z"),
    command("bin/resend.ts", "--since", "yesterday"),
  ]);

  expect(resend).toMatchObject({ code: 2 });
  expect(resend.output).toContain(
    "--consumer must be one of order-list, webhook-plan, recommendations, saga-start, ",
  );
  expect(since).toMatchObject({ code: 2 });
  expect(since.output).toContain('--since must be like 2026-01-31T12:00:00Z, got "yesterday"');

  expect(consumer).toMatchObject({ code: 2 });
  expect(consumer.output).toContain(
    "--consumer must be one of fulfilment, order-list, recommendations, ",
  );
  expect(stream).toMatchObject({ code: 2 });
  expect(stream.output).toContain('has never seen a stream "nobody"');
});
