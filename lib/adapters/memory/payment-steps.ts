/**
 * The payment steps of the tests and the simulator: one map, and the same contract as the
 * DynamoDB ones.
 */
import type {
  Books,
  Movement,
  OrderBooks,
  PaymentSteps,
  StepKey,
  VersionedStep,
} from "#services/payments/ports";

/** Few, so that tests see more than one page. */
const PAGE_ORDERS = 3;

export function memoryPaymentSteps(): PaymentSteps & Books {
  const items = new Map<string, VersionedStep>();
  const movements = new Map<string, Movement>();
  const orderIds = new Set<string>();
  const nameOf = ({ orderId, step }: StepKey): string => `${orderId}:${step}`;

  const booksOf = (orderId: string): OrderBooks => ({
    orderId,
    steps: [...items].flatMap(([name, item]) =>
      name.startsWith(`${orderId}:`)
        ? [{ ...item, name: name.slice(orderId.length + 1) as StepKey["step"] }]
        : [],
    ),
    movements: [...movements.values()].filter((movement) => movement.orderId === orderId),
  });

  const idsFrom = (cursor = "0") => {
    const from = Number(cursor);
    const found = [...orderIds].slice(from, from + PAGE_ORDERS);
    const to = from + found.length;
    return to < orderIds.size ? { found, next: String(to) } : { found };
  };

  return {
    async read(key) {
      return items.get(nameOf(key));
    },

    async write(key, step, expectedVersion, beside = {}) {
      const first = { name: key.step, step, version: expectedVersion };
      const writes = beside.step === undefined ? [first] : [first, beside.step];
      const nameIn = (step: StepKey["step"]) => nameOf({ orderId: key.orderId, step });
      const isAsRead = writes.every(
        ({ name, version }) => (items.get(nameIn(name))?.version ?? 0) === version,
      );
      const { movement } = beside;
      const entry = movement && `${key.orderId}:${movement.name}`;
      if (!isAsRead || (entry !== undefined && movements.has(entry))) return false;
      orderIds.add(key.orderId);
      if (movement && entry !== undefined) movements.set(entry, movement);
      for (const { name, step, version } of writes) {
        items.set(nameIn(name), { step, version: version + 1 });
      }
      return true;
    },

    async ofOrder(orderId) {
      return booksOf(orderId);
    },

    async page(cursor) {
      const { found, ...next } = idsFrom(cursor);
      return { orders: found.map(booksOf), ...next };
    },

    async orderIds(cursor) {
      const { found, ...next } = idsFrom(cursor);
      return { orderIds: found, ...next };
    },
  };
}
