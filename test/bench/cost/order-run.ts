/**
 * One order's whole way, from placing to delivery, through the shop's own use cases and DynamoDB
 * adapters over a store that counts: what a million of them cost follows from it.
 */
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { memoryClient } from "../store/client.ts";
import { benchTable, SHOP_TABLES as TABLES } from "../store/table.ts";
import { type Counted, unitMeter } from "../store/units.ts";
import { dynamoCartStore } from "#adapters/aws/dynamodb/cart-store";
import { dynamoCatalogue } from "#adapters/aws/dynamodb/catalogue";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoOrderPlacements } from "#adapters/aws/dynamodb/order-placements";
import { dynamoPaymentSteps } from "#adapters/aws/dynamodb/payment-steps";
import { dynamoReviewTokens } from "#adapters/aws/dynamodb/review-tokens";
import { dynamoStockItems } from "#adapters/aws/dynamodb/stock-items";
import { memoryPaymentProvider } from "#adapters/memory/payment-provider";
import { seededRng } from "#kernel/rng";
import { type EpochMs, seconds } from "#kernel/units";
import type { Commit } from "#messaging";
import { commitStock } from "#services/inventory/commit-stock";
import { reserveStock } from "#services/inventory/reserve-stock";
import { shardedStock } from "#services/inventory/sharded-stock";
import { placeOrder } from "#services/orders/usecases/place-order";
import { runOrderTask } from "#services/orders/usecases/saga-steps";
import { authorisePayment } from "#services/payments/authorise-payment";
import { capturePayment } from "#services/payments/capture-payment";
import { indexWriteUnits } from "./index-writes.ts";
import { orderReaders } from "./order-readers.ts";
import { hearOfPayment } from "./payment-reports.ts";

export type Part = Pick<Counted, "requests" | "writeUnits" | "readUnits" | "byOperation"> & {
  /** Of the secondary indexes. */
  readonly indexUnits: number;
  /** Invocations of functions. */
  readonly invocations: number;
  /** Messages through a FIFO queue. */
  readonly messages: number;
};

export type OrderRun = {
  readonly parts: Readonly<Record<string, Part>>;
  /** Items of the orders' table that the relay was shown: commits and nothing else. */
  readonly relayed: number;
  /** Put on the bus. */
  readonly published: number;
};

const NOW = 1_700_000_000_000 as EpochMs;
const CALLER = { id: "client-0000000000000000000000000", scopes: ["orders:write"] };
const ROUTE = "POST /v1/orders";

export async function orderRun(lineCount: number): Promise<OrderRun> {
  const meter = unitMeter();
  let indexUnits = 0;
  const table = benchTable({
    request(operation, touches) {
      meter.request(operation, touches);
      indexUnits += touches.reduce((sum, touch) => sum + indexWriteUnits(touch), 0);
    },
  });
  const client = memoryClient(table);
  const parts: Record<string, Part> = {};
  const counting = async <Answer>(
    name: string,
    uses: Pick<Part, "invocations" | "messages">,
    act: () => Promise<Answer>,
  ): Promise<Answer> => {
    meter.reset();
    indexUnits = 0;
    const answer = await act();
    parts[name] = { ...meter.counted(), indexUnits, ...uses };
    return answer;
  };

  const store = dynamoEventStore({ client, table: TABLES.orders });
  const lines = Array.from({ length: lineCount }, (_, index) => ({
    sku: `product-000000000000000000000-${index}`,
    quantity: 1,
  }));
  const stock = shardedStock({
    items: dynamoStockItems({ client, table: TABLES.stock }),
    rng: seededRng(1),
  });
  for (const { sku } of lines) {
    await stock.receive(sku, 10);
    await client.send(new PutItemCommand({ TableName: TABLES.products, Item: priced(sku) }));
  }

  const task = { invocations: 1, messages: 0 };
  const placing = {
    catalogue: dynamoCatalogue({ client, table: TABLES.products }),
    store: dynamoOrderPlacements({ client, table: TABLES.orders, cartsTable: TABLES.carts }),
    carts: dynamoCartStore({ client, table: TABLES.carts }),
  };
  const { orderId } = await counting("placed", task, () =>
    placeOrder(placing, {
      caller: CALLER,
      route: ROUTE,
      idempotencyKey: "00000000-0000-4000-8000-000000000000",
      body: { lines, externalReference: "e481f51cbdc54678b7cc49136f2d6af7" },
      now: NOW,
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }),
  );

  const tasks = { store, tokens: dynamoReviewTokens({ client, table: TABLES.orders }) };
  const paying = {
    steps: dynamoPaymentSteps({ client, table: TABLES.payments }),
    provider: memoryPaymentProvider(),
    intentLasting: seconds(30),
    count: () => undefined,
  };
  const moment = { now: NOW };
  const begun = await counting("saga: begin", task, () =>
    runOrderTask(tasks, { step: "begin", orderId, run: 0 }, moment),
  );
  if (!("amount" in begun)) throw new Error("The saga did not begin with an amount");
  const { amount, currency } = begun;
  await counting("saga: reserve", task, () => reserveStock(stock, { orderId, lines }, NOW));
  const { paymentId } = await counting("saga: authorise", task, () =>
    authorisePayment(paying, { orderId, amount, currency }, NOW),
  );
  await counting("saga: shipment", task, () =>
    runOrderTask(tasks, { step: "shipment", orderId }, moment),
  );
  await counting("saga: commit stock", task, () => commitStock(stock, { orderId }, NOW));
  await counting("saga: capture", task, () => capturePayment(paying, { orderId }, NOW));
  await counting("saga: confirm", task, () =>
    runOrderTask(tasks, { step: "confirm", orderId, paymentId }, moment),
  );

  const readers = orderReaders({ client, store });
  // Each comes over HTTP first, which needs no table.
  await counting("carriers' reports", { invocations: 6, messages: 3 }, () =>
    readers.reports(orderId),
  );
  const [payment] = paying.provider.paymentsOf(orderId);
  if (payment === undefined) throw new Error("The order was never paid for");
  await counting("provider's reports", { invocations: 4, messages: 2 }, () =>
    hearOfPayment(
      { client, table: TABLES.payments, provider: paying.provider },
      { ...payment, orderId },
    ),
  );
  const commits: readonly Commit[] = await store.read(orderId);
  const { published, queues } = await readers.relayed(commits);
  for (const { name, messages, read } of queues) {
    await counting(`reader: ${name}`, { invocations: messages, messages }, read);
  }
  return { parts, relayed: commits.length, published };
}

const priced = (sku: string) => ({
  sku: { S: sku },
  version: { N: "1" },
  currency: { S: "BRL" },
  price: { N: "4990" },
  freight: { N: "1329" },
  deleted: { BOOL: false },
  // Titles, texts and images: as much as a read unit holds with the rest.
  description: { S: "x".repeat(1_500) },
});
