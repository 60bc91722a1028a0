// What goes wrong between the parts of the deployed system, and that every order ends right all the
// same: a killed consumer, lost events, a lost tail, a slow stream, two consumers on one stream.
import { randomUUID } from "node:crypto";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { beforeAll, expect, inject, test } from "vitest";
import type { OrderTimeline, OrderView } from "#contracts/http/orders";
import type { FulfilmentBody } from "#contracts/http/webhooks";
import { METRICS, SERVICES } from "#contracts/metrics";
import { orderIdOf } from "#services/orders/usecases/place-order";
import type { WatchReport } from "#services/orders/usecases/watch-orders";
import { stageUrl } from "../../bin/operator/api-url.ts";
import { deploy } from "../../bin/operator/deploy.ts";
import { eventually } from "../support/eventually.ts";
import { openShop, type Shop } from "../support/shop.ts";
import { subjectOf } from "../support/shop/token.ts";

const { environment } = inject("shop");
const QUALIFIER = "faults";

let shop: Shop;
let token = "";
let lambda: LambdaClient;
let dynamo: DynamoDBClient;

beforeAll(async () => {
  const outputs = await deploy({
    stage: "local",
    qualifier: QUALIFIER,
    entries: {
      "orders/consume": "test/support/functions/consume-with-faults.ts",
      "outbox/relay": "test/support/functions/relay-that-forgets.ts",
    },
    environment,
  });
  const api = stageUrl(outputs.ApiId, outputs.ApiStage, environment);
  shop = openShop({ api, environment, outputs });
  token = await shop.token("orders:write", "orders:read");
  lambda = new LambdaClient(shop.connection);
  dynamo = new DynamoDBClient(shop.connection);
});

const PATIENT = { withinMs: 60_000 };

const confirmed = async (): Promise<OrderView> =>
  shop.settledOrder(token, await shop.product(1000, 9));

const STEPS = ["approved", "handed-to-carrier", "delivered"] as const;

const step = (orderId: string, sequence: 1 | 2 | 3): FulfilmentBody => ({
  orderId,
  sequence,
  type: STEPS[sequence - 1] ?? "approved",
  occurredAt: `2030-01-0${sequence}T10:00:00Z`,
});

/** Something that happens to this order once, or is known about it. */
const put = (orderId: string, sk: string, text = ""): Promise<unknown> =>
  dynamo.send(
    new PutItemCommand({
      TableName: shop.outputs.OrdersTable,
      Item: { pk: { S: orderId }, sk: { S: sk }, text: { S: text } },
    }),
  );

const has = async (orderId: string, sk: string): Promise<boolean> =>
  (await shop.items(shop.outputs.OrdersTable)).some(
    (item) => item["pk"] === orderId && item["sk"] === sk,
  );

async function reports(orderId: string): Promise<readonly unknown[]> {
  const timeline = await shop.call("GET", `/v1/orders/${orderId}/events`, { token });
  return (timeline.body as OrderTimeline).events
    .filter(({ type }) => type === "order.fulfilment-reported")
    .map(({ data }) => data["report"]);
}

const reached = (orderId: string, wanted: OrderView["status"]) =>
  shop.orderOnce(token, orderId, ({ status }) => status === wanted);

test("what a killed consumer had committed is delivered again and applied once", async () => {
  const { orderId } = await confirmed();
  const dropped = () => shop.metricSum(METRICS.duplicatesDropped, SERVICES.fulfilment);
  const before = await dropped();
  await put(orderId, "fault#killed");

  await shop.report(step(orderId, 1));
  await eventually(async () => !(await has(orderId, "fault#killed")), PATIENT);
  await shop.report(step(orderId, 2));
  const order = await reached(orderId, "shipped");
  await eventually(async () => (await dropped()) > before, PATIENT);

  expect(order.fulfilment).toMatchObject({ status: "running", lastSequence: 2, parked: 0 });
  expect(await reports(orderId)).toEqual(["approved", "handed-to-carrier"]);
});

test("an event that was lost on its way is asked of the store at its deadline", async () => {
  const { orderId } = await confirmed();
  await shop.listed(token, [orderId], "confirmed");
  // Placed, with a shipment, and confirmed are 1 to 3 of the order's own events.
  await put(orderId, "fault#forget-4");
  await shop.report(step(orderId, 1));
  await shop.report(step(orderId, 2));
  await reached(orderId, "shipped");
  await eventually(async () => !(await has(orderId, "fault#forget-4")), PATIENT);

  const status = await eventually(async () => {
    await shop.invoke(shop.outputs.OrderListSweepFunction, {});
    return await listedAs(orderId, "shipped");
  }, PATIENT);

  expect(status).toBe("shipped");
});

test("an order whose saga was never started is found by the watchdog, and charged once", async () => {
  const key = randomUUID();
  const caller = { id: subjectOf(token), scopes: [] };
  const orderId = orderIdOf({ caller, route: "POST /v1/orders", idempotencyKey: key });
  await put(orderId, "fault#forget-start-1");
  const sku = await shop.product(1000, 9);
  await shop.call("POST", "/v1/orders", {
    token,
    headers: { "idempotency-key": key },
    body: { lines: [{ sku, quantity: 1 }] },
  });
  await shop.listed(token, [orderId], "placed");
  await eventually(async () => !(await has(orderId, "fault#forget-start-1")), PATIENT);
  expect((await shop.order(token, orderId)).status).toBe("placed");

  const clock = await shop.invoke(shop.outputs.SagasFunction, {});
  const looks = await Promise.all([watched(), watched()]);
  const order = await reached(orderId, "confirmed");
  await shop.invoke(shop.outputs.ReconcileFunction, { graceSeconds: 0 });
  await eventually(() => has(orderId, "head#saga-start"), PATIENT);

  expect(clock).toEqual({ looked: 0, filed: 0 });
  expect(looks).toContainEqual({ looked: 1, filed: 0 });
  expect(looks.map(({ filed }) => filed)).toEqual([0, 0]);
  expect(order).toMatchObject({ needsAttention: false, payment: { status: "captured" } });
  const charges = await shop.items(shop.outputs.ProviderTable);
  expect(charges.filter(({ reference }) => reference === orderId)).toHaveLength(1);
  expect((await shop.order(token, orderId)).status).toBe("confirmed");
});

/** A quarter of an hour is what a saga has. */
const watched = async () =>
  (await shop.invoke(shop.outputs.SagasFunction, { aheadSeconds: 901 })) as WatchReport;

test("a lost last event leaves no gap: reconciliation finds and sends it", async () => {
  const { orderId } = await confirmed();
  await shop.listed(token, [orderId], "confirmed");
  await put(orderId, "fault#forget-4");
  await shop.report(step(orderId, 1));
  await reached(orderId, "approved");
  await eventually(async () => !(await has(orderId, "fault#forget-4")), PATIENT);

  const status = await eventually(async () => {
    await shop.invoke(shop.outputs.ReconcileFunction, { graceSeconds: 0 });
    return await listedAs(orderId, "approved");
  }, PATIENT);

  expect(status).toBe("approved");
});

async function listedAs(orderId: string, status: string): Promise<string> {
  const page = await shop.call("GET", "/v1/orders?limit=100", { token });
  const { orders } = page.body as { orders: readonly { orderId: string; status: string }[] };
  const found = orders.find((order) => order.orderId === orderId)?.status;
  if (found !== status) throw new Error(`${orderId} is listed as ${found}, not yet ${status}`);
  return status;
}

async function consumerFunction(): Promise<string> {
  let Marker: string | undefined;
  do {
    const page = await lambda.send(new ListFunctionsCommand({ Marker }));
    const found = page.Functions?.find(({ FunctionName = "" }) =>
      new RegExp(`${QUALIFIER}.*OrdersConsume`).test(FunctionName),
    );
    if (found?.FunctionName !== undefined) return found.FunctionName;
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  throw new Error("the fulfilment consumer is not deployed");
}

/** As the queue would deliver it, but with nobody who keeps it from being delivered twice. */
const record = (orderId: string, sequence: 1 | 2 | 3) => ({
  messageId: randomUUID(),
  receiptHandle: "none",
  body: JSON.stringify({
    specversion: "1.0",
    id: `${orderId}-${sequence}`,
    source: "urn:inorder:webhooks:fulfilment",
    type: "fulfilment.reported",
    time: `2030-01-0${sequence}T10:00:00.000Z`,
    subject: orderId,
    datacontenttype: "application/json",
    partitionkey: orderId,
    sequence,
    data: { report: STEPS[sequence - 1], receivedAt: 1 },
  }),
  attributes: {
    ApproximateReceiveCount: "1",
    SentTimestamp: "1893456000000",
    SenderId: "test",
    ApproximateFirstReceiveTimestamp: "1893456000000",
    MessageGroupId: orderId,
    MessageDeduplicationId: randomUUID(),
    SequenceNumber: "1",
  },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:fulfilment.fifo",
  awsRegion: "us-east-1",
});

async function invoked(Records: readonly ReturnType<typeof record>[]): Promise<unknown> {
  const Payload = Buffer.from(JSON.stringify({ Records }));
  const FunctionName = await consumerFunction();
  const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
  const text = Buffer.from(answer.Payload ?? []).toString("utf8");
  if (answer.FunctionError !== undefined) throw new Error(text);
  return JSON.parse(text);
}

test("of consumers that fight over one stream only one is effective, whoever that is", async () => {
  const { orderId } = await confirmed();
  const all = ([1, 2, 3] as const).map((sequence) => record(orderId, sequence));

  await Promise.all([invoked(all), invoked(all), invoked(all.slice(0, 2)), invoked(all.slice(1))]);
  const last = await invoked(all);

  expect(last).toEqual({ batchItemFailures: [] });
  expect((await shop.order(token, orderId)).fulfilment).toMatchObject({
    status: "running",
    lastSequence: 3,
    parked: 0,
    violations: [],
  });
  expect(await reports(orderId)).toEqual([...STEPS]);
});

test("a slow stream does not hold up the others of its batch", async () => {
  const [slow, quick] = await Promise.all([confirmed(), confirmed()]);
  await put(slow.orderId, "fault#slow");
  await put(slow.orderId, "other", quick.orderId);

  const answer = await invoked([record(slow.orderId, 1), record(quick.orderId, 1)]);

  expect(answer).toEqual({ batchItemFailures: [] });
  expect(await has(slow.orderId, "saw-other")).toBe(true);
  expect(await reports(slow.orderId)).toEqual(["approved"]);
  expect(await reports(quick.orderId)).toEqual(["approved"]);
});
