/**
 * Sends an operator's decision through the stream's own message group and waits until the consumer
 * has recorded what became of it.
 */
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import type { NewId } from "#kernel/ids";
import { type EpochMs, later, milliseconds } from "#kernel/units";
import {
  type AuditLog,
  type AuditPosition,
  controlEnvelope,
  type Decision,
  type FifoSender,
} from "#messaging";

export type DecidePorts = {
  readonly sender: FifoSender;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly newId: NewId;
};

type Wish = Decision extends infer One ? (One extends Decision ? Omit<One, "id"> : never) : never;

/** A decision without its id. */
export type DecisionWish = Wish;

/** What the consumer made of it. */
export type Decided = {
  readonly decision: Decision;
  /** Why it changed nothing; absent when it took effect. */
  readonly refused?: string;
};

const SOURCE = "urn:inorder:operator";
const LOOK_EVERY_MS = 200;
const RECORDS_AT_ONCE = 100;

/** A message behind a batch that is being redelivered waits for a visibility timeout or two. */
const PATIENCE_MS = 60_000;

/**
 * @param version the head's version that the operator has looked at: the record is a later one's.
 *
 * Throws `Failure`: `store-unavailable` (retry) as its ports, and `unexpected` (retry) when after a
 * minute nothing is recorded: the decision then is still in the queue and will take effect.
 */
export async function decide(
  { sender, audit, clock, newId }: DecidePorts,
  wish: DecisionWish,
  version: number,
): Promise<Decided> {
  const decision = { ...wish, id: newId() } as Decision;
  const { stream, id } = decision;
  await sendDecision(sender, decision);
  const deadline = later(clock.now(), milliseconds(PATIENCE_MS));
  for (let seen: AuditPosition = { version }; ; ) {
    const records = await audit.records(stream, RECORDS_AT_ONCE, seen);
    for (const { record } of records) {
      if (record.kind !== "decision" || record.decision.id !== id) continue;
      return record.refused === undefined ? { decision } : { decision, refused: record.refused };
    }
    // More than one look could hold: the next ones begin behind it.
    if (records.length === RECORDS_AT_ONCE) seen = records.at(-1) ?? seen;
    else await pause(clock, deadline, stream);
  }
}

/** Through the stream's own group, whose name is the stream's. Errors: as the sender's. */
export const sendDecision = (sender: FifoSender, decision: Decision): Promise<void> =>
  sender.send([
    {
      envelope: controlEnvelope(decision, SOURCE),
      group: decision.stream,
      deduplicationId: decision.id,
    },
  ]);

async function pause(clock: Clock, deadline: EpochMs, stream: string): Promise<void> {
  if (clock.now() >= deadline) {
    throw new Failure(
      "unexpected",
      "retry",
      `The consumer has not decided about ${stream} within ${PATIENCE_MS / 1_000} s. ` +
        "The decision is in its queue: look at the stream again before you decide anew.",
    );
  }
  await clock.sleep(milliseconds(LOOK_EVERY_MS));
}
