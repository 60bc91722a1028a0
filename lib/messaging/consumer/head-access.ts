/**
 * The head store as one batch uses it: every request counted, none begun when the deadline is near,
 * errors as answers, and a write whose answer was lost looked up before it is repeated.
 */
import { isFailure } from "#kernel/failure";
import type { NewId } from "#kernel/ids";
import type { Message } from "../envelope/envelope.ts";
import type { CommitAnswer, HeadCommit, HeadStore } from "../head/head-store.ts";
import type { Head } from "../head/head.ts";
import type { Tally } from "./consumer-report.ts";
import { failureOf } from "./handling.ts";
import type { Deadline } from "./queue-record.ts";

/** Whether anything was written is then not known; the messages concerned go back to the queue. */
export type NoAnswer = {
  readonly kind: "no-answer";
  readonly why: "deadline-near" | "store-failed";
  readonly error?: Error;
};

export type HeadAccess<Write> = {
  /** Nothing more may be begun. */
  readonly isLate: () => boolean;
  read(
    stream: string,
  ): Promise<{ readonly kind: "read"; readonly head: Head | undefined } | NoAnswer>;
  /** The attempt's id is given here. */
  commit(planned: PlannedWrite<Write>): Promise<CommitAnswer | NoAnswer>;
  /** Bodies parked beside the head; a missing one is left out. */
  readParked(
    stream: string,
    sequences: readonly number[],
  ): Promise<{ readonly kind: "read"; readonly messages: readonly Message[] } | NoAnswer>;
};

/** `head` has the version that it shall get. */
export type PlannedWrite<Write> = Pick<HeadCommit<Write>, "writes" | "beside"> & {
  readonly head: Head;
};

/** Each repetition follows a read that showed that nothing had been written. */
const REPETITIONS_MAX = 5;

const late: NoAnswer = { kind: "no-answer", why: "deadline-near" };

const failed = (error: unknown): NoAnswer => ({
  kind: "no-answer",
  why: "store-failed",
  error: failureOf(error),
});

export function headAccess<Write>(
  store: HeadStore<Write>,
  {
    deadline,
    marginMs,
    tally,
    newId,
  }: {
    readonly deadline: Deadline;
    readonly marginMs: number;
    readonly tally: Tally;
    readonly newId: NewId;
  },
): HeadAccess<Write> {
  const isLate = (): boolean => deadline.remainingMs() < marginMs;

  const read: HeadAccess<Write>["read"] = async (stream) => {
    if (isLate()) return late;
    tally.add("reads");
    try {
      return { kind: "read", head: await store.read(stream) };
    } catch (error) {
      return failed(error);
    }
  };

  return {
    isLate,
    read,
    async readParked(stream, sequences) {
      if (isLate()) return late;
      tally.add("reads");
      try {
        return { kind: "read", messages: await store.readParked(stream, sequences) };
      } catch (error) {
        return failed(error);
      }
    },

    async commit(planned) {
      const head = { ...planned.head, attemptId: newId() };
      const { writes, beside = [] } = planned;
      let lastError: unknown;
      for (let repetition = 0; repetition <= REPETITIONS_MAX; repetition += 1) {
        if (isLate()) return late;
        tally.add("writes");
        try {
          return await store.commit({ head, writes, beside });
        } catch (error) {
          if (!isOutcomeUnknown(error)) return failed(error);
          lastError = error;
        }
        const known = await lookUp(head, read);
        if (known !== undefined) return known;
      }
      return failed(lastError);
    },
  };
}

/**
 * Undefined: nothing of `head` or of anybody else has been written; the commit may be repeated.
 */
async function lookUp<Write>(
  head: HeadCommit<Write>["head"],
  read: HeadAccess<Write>["read"],
): Promise<CommitAnswer | NoAnswer | undefined> {
  const found = await read(head.stream);
  if (found.kind === "no-answer") return found;
  const current = found.head;
  if (current?.attemptId === head.attemptId) return { kind: "committed" };
  const isUntouched = (current?.version ?? 0) === head.version - 1;
  // Should the lost write land after all, the repeated one is fenced by it, or it by the repeated
  // one.
  return isUntouched ? undefined : { kind: "fenced", current };
}

const isOutcomeUnknown = (error: unknown): boolean =>
  isFailure(error) && error.code === "outcome-unknown";
