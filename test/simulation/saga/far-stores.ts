/**
 * The saga's stores as a function reaches them: over a network that may do anything.
 */
import type { StockStore } from "#services/inventory/ports";
import type { OrderStore, ReviewTokens } from "#services/orders/ports";
import type { PaymentSteps } from "#services/payments/ports";
import type { SimulatedProcess } from "#simulation/process";
import type { Remote } from "#simulation/remote";

export const farOrders = (
  process: SimulatedProcess,
  remote: Remote,
  orders: OrderStore,
): OrderStore => ({
  append: (commit) =>
    remote.call(process, { port: "orders.append", subject: commit.stream, kind: "write" }, () =>
      orders.append(commit),
    ),
  read: (subject, range) =>
    remote.call(process, { port: "orders.read", subject, kind: "read" }, () =>
      orders.read(subject, range),
    ),
});

export const farStock = (
  process: SimulatedProcess,
  remote: Remote,
  stock: StockStore,
): StockStore => ({
  ...stock,
  reserve: (subject, lines, now) =>
    remote.call(process, { port: "stock.reserve", subject, kind: "transaction" }, () =>
      stock.reserve(subject, lines, now),
    ),
  commit: (subject, now) =>
    remote.call(process, { port: "stock.commit", subject, kind: "write" }, () =>
      stock.commit(subject, now),
    ),
  release: (subject, now) =>
    remote.call(process, { port: "stock.release", subject, kind: "transaction" }, () =>
      stock.release(subject, now),
    ),
});

export const farSteps = (
  process: SimulatedProcess,
  remote: Remote,
  steps: PaymentSteps,
): PaymentSteps => ({
  read: (key) =>
    remote.call(process, { port: "steps.read", subject: key.orderId, kind: "read" }, () =>
      steps.read(key),
    ),
  write: (key, step, version, beside) =>
    remote.call(process, { port: "steps.write", subject: key.orderId, kind: "write" }, () =>
      steps.write(key, step, version, beside),
    ),
});

export const farTokens = (
  process: SimulatedProcess,
  remote: Remote,
  tokens: ReviewTokens,
): ReviewTokens => ({
  keep: (subject, token) =>
    remote.call(process, { port: "tokens.keep", subject, kind: "write" }, () =>
      tokens.keep(subject, token),
    ),
  of: (subject) =>
    remote.call(process, { port: "tokens.of", subject, kind: "read" }, () => tokens.of(subject)),
  drop: (subject, token) =>
    remote.call(process, { port: "tokens.drop", subject, kind: "write" }, () =>
      tokens.drop(subject, token),
    ),
});
