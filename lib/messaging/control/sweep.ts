/**
 * Finds the streams for which a deadline has passed and sends each a tick through its own group.
 * It writes no head: a tick that is lost, late or sent twice does no harm.
 */
import type { Clock } from "#kernel/clock";
import type { NewId } from "#kernel/ids";
import { failureOf } from "../consumer/handling.ts";
import type { HeadIndex } from "../head/head-index.ts";
import type { FifoSender, OutgoingMessage } from "../producer/sender.ts";
import { controlEnvelope } from "./control.ts";

export type SweepOptions = {
  readonly index: Pick<HeadIndex, "due">;
  readonly sender: FifoSender;
  readonly clock: Pick<Clock, "now">;
  readonly newId: NewId;
  /** CloudEvents `source` of the ticks. */
  readonly source: string;
  /** As the consumer's. Default: one group for each stream, by its name. */
  readonly groupOf?: (stream: string) => string;
  /** Streams in one sweep; what is left over is due in the next. Default 500. */
  readonly streamsMax?: number;
};

/** Bounds what is encoded at a time. */
const TICKS_AT_ONCE_MAX = 100;

/**
 * Answers the streams that were sent a tick. Errors: as its ports, once every due stream has been
 * tried, so that one that cannot be reached keeps no other from its tick; repeat the sweep then.
 */
export async function sweep({
  index,
  sender,
  clock,
  newId,
  source,
  groupOf = (stream) => stream,
  streamsMax = 500,
}: SweepOptions): Promise<readonly string[]> {
  const streams = await index.due(clock.now(), streamsMax);
  const tickOf = (stream: string): OutgoingMessage => {
    const id = newId();
    const tick = { kind: "tick", id, stream, author: "sweep", reason: "due" } as const;
    return {
      envelope: controlEnvelope(tick, source),
      group: groupOf(stream),
      deduplicationId: id,
    };
  };
  const errors: unknown[] = [];
  for (let first = 0; first < streams.length; first += TICKS_AT_ONCE_MAX) {
    const ticks = streams.slice(first, first + TICKS_AT_ONCE_MAX).map(tickOf);
    errors.push(...(await sent(sender, ticks)));
  }
  if (errors.length > 0) throw errors[0];
  return streams;
}

/** Answers what went wrong. */
async function sent(
  sender: FifoSender,
  ticks: readonly OutgoingMessage[],
): Promise<readonly unknown[]> {
  try {
    await sender.send(ticks);
    return [];
  } catch (error) {
    // One of them can never be sent; which one it is shows when each is sent alone.
    if (ticks.length === 1 || failureOf(error).action === "retry") return [error];
    const errors: unknown[] = [];
    for (const tick of ticks) errors.push(...(await sent(sender, [tick])));
    return errors;
  }
}
