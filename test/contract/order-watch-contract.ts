/**
 * What every index over orders that somebody may have to look after must do. An adapter's own test
 * file calls this with a watch and a way to let something happen to an order.
 */
import { expect, test } from "vitest";
import { type EpochMs, later, seconds } from "#kernel/units";
import type { OrderEvent } from "#services/orders/domain/events";
import type { OrderWatch } from "#services/orders/ports";
import { OVERDUE_SECONDS } from "#services/orders/usecases/watch-state";
import { confirmed, facts, now } from "../support/order-samples.ts";

export type OrderWatchUnderTest = {
  readonly watch: OrderWatch;
  readonly happens: (orderId: string, event: OrderEvent, at: EpochMs) => Promise<void>;
};

const ids = "ABCDEFGHJK".split("").map((end) => `0123456789ABCDEFGHJKMNPQR${end}`);
const [first = "", second = "", third = ""] = ids;

const placed = (orderId: string): OrderEvent => ({
  type: "order.placed",
  data: { ...facts, orderId },
});

const failed: OrderEvent = {
  type: "order.needs-attention",
  data: { run: 0, kind: "failed", cause: "it was killed" },
};
const repaired: OrderEvent = {
  type: "order.repaired",
  data: { run: 1, action: "retry", author: "ada", reason: "again" },
};

const after = (count: number): EpochMs => later(now, seconds(count));
const due = (count: number): EpochMs => after(count + OVERDUE_SECONDS);

export function orderWatchContract(open: () => Promise<OrderWatchUnderTest>): void {
  test("where nothing was placed nobody has to look", async () => {
    const { watch } = await open();

    expect([await watch.overdue(due(1_000), 10), await watch.stuck(10)]).toEqual([[], []]);
  });

  test("an order is overdue from its instant on, and not before", async () => {
    const { watch, happens } = await open();
    await happens(first, placed(first), now);

    const [before, then] = [
      await watch.overdue((due(0) - 1) as EpochMs, 10),
      await watch.overdue(due(0), 10),
    ];

    expect(before).toEqual([]);
    expect(then).toEqual([{ orderId: first, since: due(0) }]);
    expect(await watch.stuck(10)).toEqual([]);
  });

  test("the oldest come first, and no more than were asked for", async () => {
    const { watch, happens } = await open();
    for (const [index, orderId] of ids.entries()) {
      await happens(orderId, placed(orderId), after((index * 7) % 10));
    }

    const all = await watch.overdue(due(10), 100);
    const some = await watch.overdue(due(10), 3);

    expect(all.map(({ since }) => since)).toEqual(ids.map((_, index) => due(index)));
    expect(some).toEqual(all.slice(0, 3));
  });

  test("what has ended is looked after by nobody", async () => {
    const { watch, happens } = await open();
    await happens(first, placed(first), now);
    await happens(second, placed(second), now);

    await happens(first, confirmed, after(1));

    expect(await watch.overdue(due(100), 10)).toEqual([{ orderId: second, since: due(0) }]);
  });

  test("what needs a person is stuck and not overdue, until it is repaired", async () => {
    const { watch, happens } = await open();
    for (const orderId of [first, second, third]) await happens(orderId, placed(orderId), now);
    await happens(second, failed, after(20));
    await happens(first, failed, after(10));

    const stuck = await watch.stuck(10);
    const oldest = await watch.stuck(1);
    const overdue = await watch.overdue(due(100), 10);
    await happens(first, repaired, after(30));

    expect(stuck).toEqual([
      { orderId: first, since: after(10) },
      { orderId: second, since: after(20) },
    ]);
    expect(oldest).toEqual(stuck.slice(0, 1));
    expect(overdue).toEqual([{ orderId: third, since: due(0) }]);
    expect(await watch.stuck(10)).toEqual(stuck.slice(1));
    expect(await watch.overdue(due(30), 10)).toEqual([
      { orderId: third, since: due(0) },
      { orderId: first, since: due(30) },
    ]);
  });
}
