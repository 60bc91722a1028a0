/**
 * An order's records of a test: its stream, and the head of its fulfilment consumer where there is
 * one.
 */
import type { EventStore, Head } from "#messaging";
import type { OrderRecords } from "#services/orders/ports";

export type MemoryOrderRecordsProps = {
  readonly store: Pick<EventStore, "read">;
  /** Of the fulfilment consumer; a head store is one. */
  readonly heads: { read(stream: string): Promise<Head | undefined> };
};

export const memoryOrderRecords = ({ store, heads }: MemoryOrderRecordsProps): OrderRecords => ({
  async read(orderId) {
    const [commits, fulfilment] = await Promise.all([store.read(orderId), heads.read(orderId)]);
    return { commits, fulfilment };
  },
});
