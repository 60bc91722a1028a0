/**
 * What a batch falls into: streams, and records that belong to none. When the invocation is nearly
 * over the answer is given without those that have not come to their end; what one of them does
 * later is a zombie's, which the fence stops.
 */
import type { ConsumerSettings } from "./consumer-settings.ts";
import type { Deadline, QueueRecord } from "./queue-record.ts";
import type { StreamContext } from "./stream-context.ts";

export type BatchPart = {
  /** Never rejects. */
  toEnd(): Promise<void>;
  /** The batch is answered now: what is not known to be durable has to come again. */
  cutOff(): readonly QueueRecord[];
};

/** Resolves with `work`, or when the deadline is near. */
export async function untilNear(
  work: Promise<void>,
  deadline: Deadline,
  { deadlineMarginMs }: Pick<ConsumerSettings, "deadlineMarginMs">,
): Promise<void> {
  if (deadline.near === undefined) return work;
  let prevent: (() => void) | undefined;
  const near = new Promise<void>((resolve) => {
    prevent = deadline.near?.(deadlineMarginMs, resolve);
  });
  await Promise.race([work, near]);
  prevent?.();
}

/** Dead-letters what cannot be read. */
export function burialRun(
  { bury, tally, observe }: Pick<StreamContext<never, never>, "bury" | "tally" | "observe">,
  record: QueueRecord,
  cause: string,
): BatchPart {
  let state: "begun" | "buried" | "returned" = "begun";
  return {
    async toEnd() {
      const isBuried = await bury(record, cause);
      if (state === "returned") return;
      if (isBuried) tally.add("undecodable");
      state = isBuried ? "buried" : "returned";
    },
    cutOff() {
      if (state === "buried") return [];
      if (state === "begun") {
        observe({ kind: "returned", receiptIds: [record.receiptId], why: "deadline-near" });
      }
      state = "returned";
      return [record];
    },
  };
}
