/**
 * The deployed shop as a test sees it: its API over HTTP, its operator's functions, its tables
 * where nothing else can tell.
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Scope } from "#contracts/http/scopes";
import type { OrderListPage, OrderView } from "#contracts/http/orders";
import type { FulfilmentBody } from "#contracts/http/webhooks";
import type { MetricName, ServiceName } from "#contracts/metrics";
import type { OutputName } from "#contracts/outputs";
import { eventually } from "./eventually.ts";
import { runNode } from "./run-command.ts";
import { type Answer, asRecord, type Send, sendsTo } from "./shop/api.ts";
import { type Cloud, openCloud } from "./shop/cloud.ts";
import { signing, type WebhookChanges } from "./shop/signing.ts";

export type Deployed = {
  /** Base address of the deployed stage, without a trailing slash. */
  readonly api: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<OutputName, string>>;
};

declare module "vitest" {
  export interface ProvidedContext {
    readonly shop: Deployed;
  }
}

export type Shop = ReturnType<typeof openShop>;

const PATIENCE = { withinMs: 60_000, everyMs: 100 };

export function openShop(deployed: Deployed) {
  const cloud = openCloud(deployed.environment, deployed.outputs.MetricNamespace);
  const call = sendsTo(deployed.api);
  return {
    ...deployed,
    call,
    connection: cloud.connection,
    invoke: (name: string, payload: unknown) => cloud.invoke(name, payload),
    items: (table: string) => cloud.items(table),
    metricSum: (name: MetricName, service: ServiceName) => cloud.metricSum(name, service),
    ...operating(deployed, cloud, call),
    ...rebuilding(deployed),
    ...ordering(call),
    ...reporting(deployed, cloud, call),
  };
}

function operating({ outputs }: Deployed, cloud: Cloud, call: Send) {
  return {
    /** As its table has it, whatever copies say. */
    productNow: (sku: string) =>
      call("GET", `/v1/products/${sku}`, { headers: { "cache-control": "no-cache" } }),

    /** A token of a client that nobody else uses. */
    async token(...scopes: Scope[]): Promise<string> {
      const clientId = `test-${randomUUID().slice(0, 18)}`;
      const registered = await cloud.invoke(outputs.RegisterClientFunction, { clientId, scopes });
      const answer = await call("POST", "/oauth2/token", {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({
          grant_type: "client_credentials",
          client_id: clientId,
          client_secret: String(asRecord(registered)["clientSecret"]),
        }).toString(),
      });
      return String(expected(answer, 200).body["access_token"]);
    },

    /** A product of this price (no freight) with this many units, known to nobody else. */
    async product(price: number, available: number): Promise<string> {
      const sku = `test-${randomUUID()}`;
      const fresh = { sku, currency: "BRL", price, freight: 0 };
      await cloud.invoke(outputs.ImportProductsFunction, { products: [fresh] });
      await cloud.invoke(outputs.ReceiveStockFunction, { levels: [{ sku, available }] });
      return sku;
    },
  };
}

const root = join(import.meta.dirname, "..", "..");

function rebuilding({ environment }: Deployed) {
  return {
    /** Has the operator's command make a projection anew and answers what it said. */
    async rebuilt(projection: "search" | "order-list" | "recommendations"): Promise<string> {
      const { exitCode, stdout, output } = await runNode(
        ["bin/rebuild.ts", "--projection", projection],
        {
          cwd: root,
          limitMs: 120_000,
          environment: { ...process.env, ...environment } as Record<string, string>,
        },
      );
      if (exitCode !== 0) throw new Error(`${projection} was not made anew: ${output}`);
      return stdout;
    },
  };
}

type Line = { readonly sku: string; readonly quantity: number };

function ordering(call: Send) {
  const order = async (token: string, orderId: string): Promise<OrderView> =>
    expected(await call("GET", `/v1/orders/${orderId}`, { token }), 200).body as OrderView;

  const orderOnce = (token: string, orderId: string, holds: (order: OrderView) => boolean) =>
    eventually(async () => {
      const seen = await order(token, orderId);
      if (!holds(seen)) throw new Error(`not yet: ${JSON.stringify(seen)}`);
      return seen;
    }, PATIENCE);

  const place = async (token: string, lines: readonly Line[]): Promise<string> => {
    const answer = await call("POST", "/v1/orders", {
      token,
      headers: { "idempotency-key": randomUUID() },
      body: { lines },
    });
    return String(expected(answer, 202).body["orderId"]);
  };

  return {
    order,
    orderOnce,

    /** Places one order, a unit of each, and answers its id. */
    buy: (token: string, ...skus: readonly string[]): Promise<string> =>
      place(
        token,
        skus.map((sku) => ({ sku, quantity: 1 })),
      ),

    /** Places one order and waits until its saga has ended. */
    async settledOrder(token: string, sku: string, quantity = 1): Promise<OrderView> {
      const orderId = await place(token, [{ sku, quantity }]);
      return orderOnce(token, orderId, ({ status }) => status !== "placed");
    },

    /** Waits until the list (a projection) shows these orders with this status. */
    async listed(token: string, orderIds: readonly string[], status: string): Promise<void> {
      await eventually(async () => {
        const page = await call("GET", "/v1/orders?limit=100", { token });
        const { orders } = expected(page, 200).body as OrderListPage;
        const right = orders.filter((item) => item.status === status).map((item) => item.orderId);
        const missing = orderIds.filter((orderId) => !right.includes(orderId));
        if (missing.length > 0) throw new Error(`not ${status} in the list: ${missing.join()}`);
        return true;
      }, PATIENCE);
    },
  };
}

function reporting({ outputs }: Deployed, cloud: Cloud, call: Send) {
  const signed = signing(() => cloud.secret(outputs.FulfilmentSecretArn));

  const webhook = async (body: unknown, changes: WebhookChanges = {}): Promise<Answer> => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const headers = await signed(text, changes);
    return call("POST", "/v1/webhooks/fulfilment", { headers, body: text });
  };

  return {
    webhook,

    /** Reports what the contract allows; answers the webhook's id. */
    async report(body: FulfilmentBody, id = `msg_${randomUUID()}`): Promise<string> {
      expected(await webhook(body, { id }), 202);
      return id;
    },
  };
}

function expected(answer: Answer, status: number): Answer {
  if (answer.status === status) return answer;
  throw new Error(`expected ${status}, received ${answer.status}: ${answer.text}`);
}
