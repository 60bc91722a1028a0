/**
 * A difference between the provider and our books becomes a record, an event and a number: once,
 * however often it is found.
 */
import {
  PAYMENT_DIFFERS,
  PAYMENT_SOURCE,
  type PaymentDiffers,
} from "#contracts/events/payment-events";
import { METRICS, type MetricName } from "#contracts/metrics";
import { sha256Hex } from "#kernel/hash";
import type { EpochMs } from "#kernel/units";
import type { EventBus } from "#messaging";
import type { RecordStore } from "#messaging/flow/index";

export type FilingPorts = {
  /** Of differences, by their id. */
  readonly filed: RecordStore;
  readonly bus: EventBus;
  readonly count: (metric: MetricName) => void;
};

/**
 * Published before it is recorded, so that none is recorded of which nobody heard.
 * Errors: the store's and the bus's; to be repeated.
 */
export async function fileDifference(
  { filed, bus, count }: FilingPorts,
  { orderId, difference }: { readonly orderId: string; readonly difference: string },
  now: EpochMs,
): Promise<void> {
  const id = sha256Hex(`${orderId}#${difference}`);
  if ((await filed.read(id)) !== undefined) return;
  const data: PaymentDiffers = { orderId, difference, foundAt: now };
  await bus.publish([
    {
      specversion: "1.0",
      id,
      source: PAYMENT_SOURCE,
      type: PAYMENT_DIFFERS,
      datacontenttype: "application/json",
      partitionkey: orderId,
      sequence: 1,
      data,
    },
  ]);
  const answer = await filed.write(id, { version: 1, changeId: id, data });
  if (answer.kind === "written") count(METRICS.paymentDifferences);
}
