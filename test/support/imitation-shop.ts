/**
 * A shop of one process that answers by the contract, for the tests of the replay: orders, stock,
 * ordered reports, and the faults that a test asks for. A total ending in 13 is declined, as the
 * simulated provider does.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  type Counts,
  type Headers,
  ImitationOrders,
  type OrdersProps,
} from "./imitation-orders.ts";

/** What happens to a request instead of, or after, being served. */
export type Fault = "unavailable" | "throttled" | "lost";

export type ImitationProps = OrdersProps & {
  /** Asked at every request, which is served all the same when its answer is lost. */
  readonly fault?: () => Fault | undefined;
};

export type ImitationShop = AsyncDisposable & {
  readonly url: string;
  /** As a function would count them. */
  readonly counts: Counts;
  /** Idempotency keys by their orders' ids. */
  readonly keys: ReadonlyMap<string, string>;
  readonly resolve: ImitationOrders["resolve"];
  readonly books: ImitationOrders["books"];
};

export async function imitationShop(props: ImitationProps): Promise<ImitationShop> {
  const shop = new ImitationOrders(props);
  const server = createServer((request, response) => {
    void answer(shop, props, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    counts: shop.counts,
    keys: shop.keys,
    resolve: (orderId, replacement) => shop.resolve(orderId, replacement),
    books: (orderIds) => shop.books(orderIds),
    [Symbol.asyncDispose]: () => closed(server),
  };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function answer(
  shop: ImitationOrders,
  { fault }: ImitationProps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const received = await text(request);
  shop.counts.requests += 1;
  const broken = fault?.();
  if (broken === "unavailable") return reply(response, 503, "not now");
  if (broken === "throttled") return reply(response, 429, "slowly", { "retry-after": "1" });
  const { status, body } = shop.serve({
    path: request.url ?? "",
    text: received,
    headers: request.headers as Headers,
  });
  if (broken === "lost") request.socket.destroy();
  else reply(response, status, JSON.stringify(body));
}

function reply(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Headers = {},
): void {
  response.writeHead(status, headers).end(text);
}
