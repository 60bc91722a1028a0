/**
 * Watches each batch that a sandbox consumes: what was injected into it meanwhile, and whether its
 * answer is right all the same.
 */
import type { BatchAnswer, ConsumerEvent, QueueRecord } from "#messaging";
import type { Invocation } from "#simulation/lambda-host";
import type { SimulatedProcess } from "#simulation/process";
import type { CallTarget } from "#simulation/remote";
import { keptPlaceOf } from "./invariants/conservation.ts";
import type { AnsweredBatch, AnsweredRecord } from "./invariants/invariant.ts";
import type { Publication, Publications } from "./publication.ts";
import type { StartSandbox } from "./system.ts";
import type { StreamTruth } from "./truth.ts";

export type BatchWatchOptions = {
  readonly publications: Publications;
  readonly truthOf: (stream: string) => StreamTruth;
  /** Streams are consumed one after the other: what holds up one holds up those behind it. */
  readonly isSerial: boolean;
  readonly onAnswer: (batch: AnsweredBatch) => void;
};

export type BatchWatch = {
  /** The same sandbox, with its batches watched. */
  watched(start: StartSandbox, process: SimulatedProcess): ReturnType<StartSandbox>;
  isActive(process: SimulatedProcess): boolean;
  /** Something was injected between the process and what it called. */
  trouble(process: SimulatedProcess, target: CallTarget, fault: string): void;
  /** Somebody wrote the stream. */
  written(stream: string, writer: string): void;
  observe(process: SimulatedProcess, event: ConsumerEvent): void;
  /** The stream has a reason of its own to give messages back. */
  excuse(process: SimulatedProcess, stream: string): void;
};

type ActiveBatch = {
  readonly batch: readonly QueueRecord[];
  /** Streams and bodies that something happened to; `EVERYTHING` is all of them. */
  readonly troubled: Set<string>;
  readonly excused: Set<string>;
  /** Streams that another claims: the batch writes nothing of them any more. */
  readonly givenUp: Set<string>;
};

const EVERYTHING = "*";

export function batchWatch(options: BatchWatchOptions): BatchWatch {
  const { publications, truthOf, isSerial, onAnswer } = options;
  const active = new Map<SimulatedProcess, ActiveBatch>();

  const judged = (batch: ActiveBatch, before: readonly Before[], answer: BatchAnswer): void => {
    const { troubled, excused } = batch;
    const returned = new Set(answer.notDurable);
    onAnswer({
      records: before.map((record) => ({
        ...record,
        isReturned: returned.has(record.receiptId),
        isRewoundSince: truthOf(record.publication.stream).rewinds > record.rewindsBefore,
      })),
      report: answer.report,
      isTroubled: ({ stream, body }) =>
        troubled.has(EVERYTHING) ||
        troubled.has(stream) ||
        troubled.has(body) ||
        (isSerial && troubled.size > 0),
      isExcused: ({ stream }) => excused.has(stream),
      truthOf,
      publications,
    });
  };

  return {
    watched(start, process) {
      const consume = start(process);
      process.onDeath(() => active.delete(process));
      return async (invocation: Invocation<readonly QueueRecord[]>) => {
        const { batch } = invocation;
        const watched = begun(batch);
        // What an earlier batch had begun may have frozen it since.
        if (process.isFrozen()) watched.troubled.add(EVERYTHING);
        active.set(process, watched);
        const before = recordsOf(batch, options);
        const answer = await consume(invocation);
        active.delete(process);
        judged(watched, before, answer);
        return answer;
      };
    },
    isActive: (process) => active.has(process),
    trouble(process, { subject }, fault) {
      const { troubled, batch = [] } = active.get(process) ?? {};
      if (fault === "pause") troubled?.add(EVERYTHING);
      troubled?.add(subject);
      // Dead letters are buried one after the other within their stream.
      for (const { group, body } of batch) {
        const publication = body === subject ? publications.find(group, body) : undefined;
        if (publication !== undefined) troubled?.add(publication.stream);
      }
    },
    written(stream, writer) {
      for (const [process, { troubled, givenUp }] of active) {
        // Its own as well, where an earlier batch had sent it off and this one gave the stream up.
        if (process.name !== writer || givenUp.has(stream)) troubled.add(stream);
      }
    },
    observe(process, event) {
      if (event.kind !== "returned" || event.stream === undefined) return;
      if (event.why === "claimed-by-another") active.get(process)?.givenUp.add(event.stream);
      const isOwn = event.why === "claimed-by-another" || event.why === "attempt-failed";
      if (isOwn) active.get(process)?.excused.add(event.stream);
    },
    excuse(process, stream) {
      active.get(process)?.excused.add(stream);
    },
  };
}

const begun = (batch: readonly QueueRecord[]): ActiveBatch => ({
  batch,
  troubled: new Set(),
  excused: new Set(),
  givenUp: new Set(),
});

type Before = Omit<AnsweredRecord, "isReturned" | "isRewoundSince"> & {
  readonly receiptId: string;
  readonly rewindsBefore: number;
};

function recordsOf(
  batch: readonly QueueRecord[],
  { publications, truthOf }: BatchWatchOptions,
): readonly Before[] {
  const seen = new Set<Publication>();
  const records: Before[] = [];
  for (const { receiptId, group, body } of batch) {
    const publication = publications.find(group, body);
    if (publication === undefined) continue;
    const truth = truthOf(publication.stream);
    const placeBefore = keptPlaceOf(publication, truth);
    const wasRunning = (truth.head?.status ?? "running") === "running";
    const isRepeated = seen.has(publication);
    const rewindsBefore = truth.rewinds;
    const before = { placeBefore, wasRunning, rewindsBefore };
    records.push({ receiptId, publication, isRepeated, ...before });
    seen.add(publication);
  }
  return records;
}
