/**
 * One order's whole way, from placing to delivery, through the shop's own use cases and DynamoDB
 * adapters over a store that counts: what a million of them cost follows from it.
 */
import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
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
import { memorySagaStarter } from "#adapters/memory/saga-starter";
import type { OrderTask } from "#contracts/saga";
import { seededRng } from "#kernel/rng";
import { type EpochMs, seconds } from "#kernel/units";
import type { Commit } from "#messaging";
import { commitStock } from "#services/inventory/commit-stock";
import type { ReservationLine, StockStore } from "#services/inventory/ports";
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

type Uses = Pick<Part, "invocations" | "messages">;
type Counting = <Answer>(name: string, uses: Uses, act: () => Promise<Answer>) => Promise<Answer>;

const ALONE: Uses = { invocations: 1, messages: 0 };

export async function orderRun(lineCount: number): Promise<OrderRun> {
  const { client, counting, parts } = countingShop();
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
  const orderId = await placed({ client, counting }, lines);
  const provider = await confirmed({ client, counting, stock }, { orderId, lines });

  const store = dynamoEventStore({ client, table: TABLES.orders });
  const readers = orderReaders({ client, store });
  // Each comes over HTTP first, which needs no table.
  await counting("carriers' reports", { invocations: 6, messages: 3 }, () =>
    readers.reports(orderId),
  );
  const [payment] = provider.paymentsOf(orderId);
  if (payment === undefined) throw new Error("The order was never paid for");
  await counting("provider's reports", { invocations: 4, messages: 2 }, () =>
    hearOfPayment({ client, table: TABLES.payments, provider }, { ...payment, orderId }),
  );
  const commits: readonly Commit[] = await store.read(orderId);
  const { published, queues } = await readers.relayed(commits);
  for (const { name, messages, read } of queues) {
    await counting(`reader: ${name}`, { invocations: messages, messages }, read);
  }
  return { parts, relayed: commits.length, published };
}

function countingShop() {
  const meter = unitMeter();
  let indexUnits = 0;
  const table = benchTable({
    request(operation, touches) {
      meter.request(operation, touches);
      indexUnits += touches.reduce((sum, touch) => sum + indexWriteUnits(touch), 0);
    },
  });
  const parts: Record<string, Part> = {};
  const counting: Counting = async (name, uses, act) => {
    meter.reset();
    indexUnits = 0;
    const answer = await act();
    parts[name] = { ...meter.counted(), indexUnits, ...uses };
    return answer;
  };
  return { client: memoryClient(table), counting, parts };
}

type Shop = { readonly client: DynamoDBClient; readonly counting: Counting };

/** The order's id. */
async function placed(
  { client, counting }: Shop,
  lines: readonly ReservationLine[],
): Promise<string> {
  const ports = {
    catalogue: dynamoCatalogue({ client, table: TABLES.products }),
    store: dynamoOrderPlacements({ client, table: TABLES.orders, cartsTable: TABLES.carts }),
    carts: dynamoCartStore({ client, table: TABLES.carts }),
  };
  const { orderId } = await counting("placed", ALONE, () =>
    placeOrder(ports, {
      caller: CALLER,
      route: ROUTE,
      idempotencyKey: "00000000-0000-4000-8000-000000000000",
      body: { lines: [...lines], externalReference: "e481f51cbdc54678b7cc49136f2d6af7" },
      now: NOW,
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }),
  );
  return orderId;
}

/** Each task of the saga, as its machine asks for them. */
async function confirmed(
  { client, counting, stock }: Shop & { readonly stock: StockStore },
  { orderId, lines }: { readonly orderId: string; readonly lines: readonly ReservationLine[] },
) {
  const orders = { client, table: TABLES.orders };
  const ports = {
    store: dynamoEventStore(orders),
    tokens: dynamoReviewTokens(orders),
    starter: memorySagaStarter(),
    tell: () => undefined,
    tellPostponed: () => undefined,
  };
  const provider = memoryPaymentProvider();
  const paying = {
    provider,
    steps: dynamoPaymentSteps({ client, table: TABLES.payments }),
    intentLasting: seconds(30),
    count: () => undefined,
  };
  const task = (name: string, wanted: OrderTask) =>
    counting(`saga: ${name}`, ALONE, () => runOrderTask(ports, wanted, { now: NOW }));

  const begun = await task("begin", { step: "begin", orderId, run: 0 });
  if (!("amount" in begun)) throw new Error("The saga did not begin with an amount");
  const { amount, currency } = begun;
  await counting("saga: reserve", ALONE, () => reserveStock(stock, { orderId, lines }, NOW));
  const { paymentId } = await counting("saga: authorise", ALONE, () =>
    authorisePayment(paying, { orderId, amount, currency }, NOW),
  );
  await task("shipment", { step: "shipment", orderId });
  await counting("saga: commit stock", ALONE, () => commitStock(stock, { orderId }, NOW));
  await counting("saga: capture", ALONE, () => capturePayment(paying, { orderId }, NOW));
  await task("confirm", { step: "confirm", orderId, paymentId });
  return provider;
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
