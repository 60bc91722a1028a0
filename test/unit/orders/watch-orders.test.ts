// The watchdog goes through all orders that are due, whatever it meets at one of them.
import { expect, test } from "vitest";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memorySagaStarter } from "#adapters/memory/saga-starter";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { OrderEvent } from "#services/orders/domain/events";
import type { WatchedOrder } from "#services/orders/ports";
import { commitOf, loadOrder } from "#services/orders/usecases/order-stream";
import { OVERDUE_SECONDS } from "#services/orders/usecases/watch-state";
import { watchOrders } from "#services/orders/usecases/watch-orders";
import { after, cancel, refund } from "../../support/order-decisions.ts";
import { confirmed, facts, now, placed } from "../../support/order-samples.ts";

const ids = Array.from({ length: 30 }, (_, at) => `0123456789ABCDEFGHJKMNPQ${10 + at}`);
const [first = ""] = ids;
const late = (now + 1000 * OVERDUE_SECONDS) as EpochMs;

function watchdog(overdue: readonly string[], stuck: readonly string[] = []) {
  const events = memoryEventStore();
  const starter = memorySagaStarter(undefined, () => now);
  const broken = new Set<string>();
  const lateRuns: string[] = [];
  const listed = (orderIds: readonly string[]): readonly WatchedOrder[] =>
    orderIds.map((orderId) => ({ orderId, since: now }));
  const ports = {
    starter,
    store: {
      append: events.append.bind(events),
      async read(orderId: string) {
        if (broken.has(orderId)) throw new Failure("unexpected", "halt", `${orderId} is damaged`);
        return await events.read(orderId);
      },
    },
    watch: { overdue: async () => listed(overdue), stuck: async () => listed(stuck) },
    tell: () => undefined,
    tellLate: (_orderId: string, run: string) => lateRuns.push(run),
  };
  return {
    starter,
    broken,
    lateRuns,
    look: (at = now) => watchOrders(ports, { now: at }),
    async given(orderId: string, ...happened: readonly OrderEvent[]): Promise<void> {
      for (const event of happened) {
        const own: OrderEvent =
          event.type === "order.placed" ? { ...event, data: { ...facts, orderId } } : event;
        const order = loadOrder(orderId, await events.read(orderId));
        await events.append(commitOf(order, [own], { now }));
      }
    },
  };
}

test("orders that cannot be read hold up no other, and the run ends with their error", async () => {
  const dog = watchdog(ids);
  for (const orderId of ids) await dog.given(orderId, placed);
  for (const orderId of ids.slice(0, 8)) dog.broken.add(orderId);

  await expect(dog.look()).rejects.toMatchObject({ message: `${first} is damaged` });

  expect(dog.starter.started.toSorted()).toEqual(ids.slice(8));
});

test("what never started beside a work that waits for a person is started", async () => {
  const dog = watchdog([], [first]);
  const failed = {
    type: "file-attention",
    refundId: "r-1",
    run: 0,
    kind: "failed",
    cause: "it was killed",
  } as const;
  await dog.given(first, ...after([placed, confirmed], refund("r-1", 5), failed, cancel));

  expect(await dog.look()).toEqual({ looked: 0, filed: 0 });

  expect(dog.starter.started).toEqual([`${first}-refund-cancel`]);
});

test("a run that takes too long is filed and told of once", async () => {
  const dog = watchdog([first]);
  await dog.given(first, placed);

  await dog.look();
  const filed = await dog.look(late);
  const again = await dog.look(late);

  expect([filed.filed, again.filed]).toEqual([1, 0]);
  expect(dog.lateRuns).toEqual([first]);
});
