/**
 * A head at any sequence, computed from the producer's log and the audit records: to put right one
 * that is damaged or lost, or to see what it was.
 */
import { Failure } from "#kernel/failure";
import type { Json } from "#kernel/json";
import type { EpochMs } from "#kernel/units";
import type { FoldHandler } from "../consumer/handler.ts";
import type { Message } from "../envelope/envelope.ts";
import * as heads from "../head/head-transitions.ts";
import type { Head } from "../head/head.ts";
import type { PlacedAuditRecord } from "./audit-record.ts";
import { provenSteps, type StreamEvidence } from "./proven-steps.ts";

export type RebuildHeadOptions<State extends Json> = StreamEvidence & {
  readonly stream: string;
  /** The position that it shall have. */
  readonly upTo: number;
  /**
   * Where to begin: a head of the same consumer that is known to be right, from a backup say. The
   * log up to its position may be left out. Default: a stream that was never begun.
   */
  readonly from?: Head;
  /** Sequences up to it were never asked for (`startAt`); default: those of `from`, else none. */
  readonly startedAfter?: number;
  /**
   * Needed of a fold, whose state else stays that of `from`; `now` is what it is told as the time
   * of delivery.
   */
  readonly fold?: { readonly handler: FoldHandler<State>; readonly now: EpochMs };
};

/**
 * The head as it would be, had nothing ever gone wrong: running, with nothing parked and no attempt
 * begun. Its version is the newest that a record has: who stores it gives it one above that and
 * what stands there (`HeadCommit.over`). What waited parked has to be sent again (`resend`); what
 * comes twice is a duplicate.
 *
 * One that is to be stored goes as far as decisions and violations do: what was left out or
 * replaced behind `upTo` would be applied as it was sent, while the decision's id stays decided and
 * `verifyAudit` goes by it; and what was filed behind it halts nothing when it comes again.
 *
 * Only of a fold any such position is right, since nothing else was written with it. Otherwise
 * `upTo` has to be what the effects say was applied last, or the end of what was left out right
 * behind it; and what its handler said of the stream's beginning (`startedAt`) and end (`closes`)
 * is not in the log.
 *
 * Costs one step for each message behind `from`, whatever lies before it.
 *
 * @throws Failure `conflict` (reject) when the log lacks a message, `upTo` lies before `from`,
 * behind the stream's end or within a range that was left out, or the stream was rewound after
 * `from`; and what the fold throws for a message that can never be applied.
 */
export function rebuildHead<State extends Json>(options: RebuildHeadOptions<State>): Head {
  const { stream, upTo, fold, log, records } = options;
  const from = options.from ?? begunAt(stream, options.startedAfter);
  const news = records.filter(({ version }) => version > from.version);
  if (options.from !== undefined && news.some(isRewind)) throw rewoundAfter(stream, from);
  if (from.stream !== stream) throw unreachable(stream, upTo, `\`from\` is of ${from.stream}`);
  if (!(upTo >= from.last)) {
    throw unreachable(stream, upTo, `the head to begin with is at ${from.last}`);
  }
  const steps = provenSteps({ log, records }, from.last);
  let head = quiet(from);
  while (head.last < upTo) {
    const { value: step } = steps.next();
    if (step.kind === "missing") {
      throw unreachable(stream, upTo, `the log lacks sequence ${step.sequence}`);
    }
    if (step.kind === "skipped") head = heads.skipped(head, step.range);
    else if (head.closed !== true) head = applied(head, step.message, fold);
    else {
      const { sequence } = step.message;
      throw unreachable(stream, upTo, `the stream was closed before sequence ${sequence}`);
    }
  }
  if (head.last > upTo) {
    throw unreachable(stream, upTo, `a decision left out what leads up to ${head.last}`);
  }
  return { ...news.reduce(recorded, head), version: news.at(-1)?.version ?? from.version };
}

function begunAt(stream: string, startedAfter: number | undefined): Head {
  const never = heads.neverWritten(stream);
  return startedAfter === undefined ? never : heads.begun(never, startedAfter);
}

/** What is under way at a position is no part of what the log tells. */
function quiet(head: Head): Head {
  const { halt: _, gap: _g, claim: _c, called: _d, dueAt: _u, attemptId: _a, ...rest } = head;
  return { ...rest, status: "running", attempts: 0, parked: [] };
}

function applied<State extends Json>(
  head: Head,
  message: Message,
  fold: RebuildHeadOptions<State>["fold"],
): Head {
  const moved = heads.applied(head, message);
  if (fold === undefined) return moved;
  const { handler, now } = fold;
  const before = head.state === undefined ? handler.initial : (head.state as State);
  const state = handler.evolve(before, message, { now, held: false });
  const kept = { ...moved, state };
  return handler.closes?.(state) === true ? heads.closed(kept) : kept;
}

function recorded(head: Head, { record }: PlacedAuditRecord): Head {
  if (record.kind === "violation") return heads.filed(head, record.violation);
  return record.kind === "decision" ? heads.decidedOn(head, record.decision.id) : head;
}

const isRewind = ({ record }: PlacedAuditRecord): boolean =>
  record.kind === "decision" && record.decision.kind === "rewind" && record.refused === undefined;

const rewoundAfter = (stream: string, { version }: Head): Failure =>
  new Failure(
    "conflict",
    "reject",
    `The stream ${JSON.stringify(stream)} was rewound after version ${version}; begin with a ` +
      "later head, or with none.",
  );

const unreachable = (stream: string, upTo: number, why: string): Failure =>
  new Failure(
    "conflict",
    "reject",
    `The head of stream ${JSON.stringify(stream)} cannot be rebuilt at sequence ${upTo}: ${why}.`,
  );
