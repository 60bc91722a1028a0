/**
 * What every reader of an order's records must do. An adapter's own test file calls this with a
 * reader and with the stores whose contents it reads.
 */
import { expect, test } from "vitest";
import type { AppendWrite, Commit, EventStore, Head, HeadStore } from "#messaging";
import type { OrderRecords } from "#services/orders/ports";
import { now, orderId } from "../support/order-samples.ts";

export type OrderRecordsUnderTest = {
  readonly records: OrderRecords;
  readonly store: EventStore;
  /** Of the fulfilment consumer. */
  readonly heads: HeadStore<AppendWrite>;
};

export const orderCommit = (number: number, detail: string): Commit => ({
  stream: orderId,
  number,
  recordedAt: now,
  events: [{ type: "order.rejected", sequence: number, data: { detail } }],
});

export const fulfilmentHead: Head & { readonly attemptId: string } = {
  stream: orderId,
  version: 1,
  attemptId: "attempt-1",
  last: 1,
  status: "running",
  recent: [],
  parked: [],
  attempts: 0,
  skipped: [],
  controls: [],
  violations: [],
  audit: "",
};

export function orderRecordsContract(
  open: () => OrderRecordsUnderTest | Promise<OrderRecordsUnderTest>,
): void {
  test("an unknown order has no commits and no reports", async () => {
    const { records } = await open();

    expect(await records.read(orderId)).toEqual({ commits: [], fulfilment: undefined });
  });

  test("an order has its commits in order, and no head before the first report", async () => {
    const { records, store } = await open();
    for (const number of [1, 2, 3]) await store.append(orderCommit(number, "x"));

    expect(await records.read(orderId)).toEqual({
      commits: [1, 2, 3].map((number) => orderCommit(number, "x")),
      fulfilment: undefined,
    });
  });

  test("what the consumer committed is there, and the head beside it", async () => {
    const { records, store, heads } = await open();
    await store.append(orderCommit(1, "x"));
    const commit = orderCommit(2, "y");
    await heads.commit({ head: fulfilmentHead, writes: [{ kind: "append", commit }] });

    const record = await records.read(orderId);

    expect(record.commits).toEqual([orderCommit(1, "x"), commit]);
    expect(record.fulfilment).toMatchObject({ stream: orderId, version: 1, last: 1 });
  });

  test("an order of over a megabyte is read whole", async () => {
    const { records, store } = await open();
    const large = "x".repeat(300_000);
    for (const number of [1, 2, 3, 4, 5]) await store.append(orderCommit(number, large));

    const { commits } = await records.read(orderId);

    expect(commits.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(commits[4]?.events[0]?.data).toEqual({ detail: large });
  });
}
