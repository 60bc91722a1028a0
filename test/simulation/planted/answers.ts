/**
 * Wrong answers to the queue, and gates before the consumer that let too little through.
 */
import { createHash } from "node:crypto";
import { type BatchAnswer, decode, type OrderedConsumer, type QueueRecord } from "#messaging";
import type { Plant } from "../system.ts";
import { BODY_BYTES_MAX } from "../traffic.ts";
import { bug, type BugWithControl } from "./bug.ts";

type Answered = NonNullable<Plant["consumer"]>;

const answering =
  (
    notDurable: (answer: BatchAnswer, records: readonly QueueRecord[]) => readonly string[],
  ): Answered =>
  (right) => ({
    async consume(records, deadline) {
      const answer = await right.consume(records, deadline);
      return { ...answer, notDurable: notDurable(answer, records) };
    },
  });

const idsOf = (records: readonly QueueRecord[]): readonly string[] =>
  records.map(({ receiptId }) => receiptId);

const allOrNothing = answering(({ notDurable }, records) =>
  notDurable.length === 0 ? [] : idsOf(records),
);

/** As the FIFO processor of Powertools does unless it is told to skip only the failed group. */
const fromTheFirstOn = answering(({ notDurable }, records) => {
  const first = records.findIndex(({ receiptId }) => notDurable.includes(receiptId));
  return first < 0 ? [] : idsOf(records.slice(first));
});

const firstOfEachGroup = answering(({ notDurable }, records) => {
  const failed = records.filter(({ receiptId }) => notDurable.includes(receiptId));
  const groups = new Map(failed.toReversed().map(({ group, receiptId }) => [group, receiptId]));
  return notDurable.filter((receiptId) => [...groups.values()].includes(receiptId));
});

/** A crash of one stream stops the partition, as a consumer without parking does. */
const stopsAtPoison: Answered = (right) => {
  let isStopped = false;
  return {
    async consume(records, deadline) {
      const answer = await right.consume(isStopped ? [] : records, deadline);
      if (answer.report.halted > 0) isStopped = true;
      return isStopped ? { ...answer, notDurable: idsOf(records) } : answer;
    },
  };
};

const keyOf = ({ group, body }: QueueRecord): string | undefined => {
  const decoded = decode(body, BODY_BYTES_MAX);
  return decoded.kind === "message" ? `${group} ${decoded.message.id}` : undefined;
};

/** What `isKnown` says is acknowledged as a duplicate and goes no further. */
async function gated(
  right: OrderedConsumer,
  [records, deadline]: Parameters<OrderedConsumer["consume"]>,
  isKnown: (record: QueueRecord) => boolean,
): Promise<BatchAnswer> {
  const unknown = records.filter((record) => !isKnown(record));
  const answer = await right.consume(unknown, deadline);
  const duplicates = answer.report.duplicates + records.length - unknown.length;
  return { ...answer, report: { ...answer.report, duplicates } };
}

/** Remembered before it is handled; when that fails it is not forgotten. */
const seenBeforeHandled: Answered = (right) => {
  const seen = new Set<string>();
  return {
    consume: (...batch) =>
      gated(right, batch, (record) => {
        const key = keyOf(record);
        if (key === undefined) return false;
        if (seen.has(key)) return true;
        seen.add(key);
        return false;
      }),
  };
};

const BITS = 512;
const BITS_EACH = 2;

/** Fed with what is durable only; too small, and believed. */
const bloomFilter: Answered = (right) => {
  const bits = new Set<number>();
  const bitsOf = (key: string): readonly number[] => {
    const digest = createHash("sha256").update(key).digest();
    return Array.from({ length: BITS_EACH }, (_, index) => digest.readUInt16BE(index * 2) % BITS);
  };
  const mayKnow = (record: QueueRecord): boolean => {
    const key = keyOf(record);
    return key !== undefined && bitsOf(key).every((bit) => bits.has(bit));
  };
  return {
    async consume(records, deadline) {
      const answer = await gated(right, [records, deadline], mayKnow);
      for (const record of records) {
        const key = answer.notDurable.includes(record.receiptId) ? undefined : keyOf(record);
        for (const bit of key === undefined ? [] : bitsOf(key)) bits.add(bit);
      }
      return answer;
    },
  };
};

/** By what the body says, not by where it came from. */
const anyGroup: Answered = (right) => ({
  consume: (records, deadline) =>
    right.consume(
      records.map((record) => {
        const decoded = decode(record.body, BODY_BYTES_MAX);
        return decoded.kind === "message" ? { ...record, group: decoded.message.stream } : record;
      }),
      deadline,
    ),
});

export const ANSWERS: readonly BugWithControl[] = [
  bug("failures-not-reported", "the batch answer is empty: partial failures are acknowledged", {
    consumer: answering(() => []),
  }),
  bug("whole-batch-reported", "one failure gives the whole batch back, applied messages included", {
    consumer: allOrNothing,
  }),
  bug("rest-of-batch-reported", "everything behind the first failure fails, also other groups", {
    consumer: fromTheFirstOn,
  }),
  bug("only-first-reported", "of each group only the first failure is reported", {
    consumer: firstOfEachGroup,
  }),
  bug("poison-stops-everything", "a sandbox that met poison gives back every stream's messages", {
    consumer: stopsAtPoison,
  }),
  bug("seen-before-handled", "an id counts as done before its message was handled", {
    consumer: seenBeforeHandled,
  }),
  bug("bloom-filter-believed", "a Bloom filter's yes is taken for a duplicate", {
    consumer: bloomFilter,
  }),
  bug("group-not-checked", "a message that came through another group is applied all the same", {
    consumer: anyGroup,
  }),
];
