/**
 * Finds the streams for which a deadline has passed and sends each a tick through its own group.
 * It writes no head: a tick that is lost, late or sent twice does no harm.
 */
import type { Clock } from "#kernel/clock";
import type { NewId } from "#kernel/ids";
import { controlEnvelope } from "./control.ts";
import type { HeadIndex } from "./head-index.ts";
import type { FifoSender } from "./sender.ts";

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

/** Answers the streams that were sent a tick. Throws what its ports throw; repeat it then. */
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
  await sender.send(
    streams.map((stream) => {
      const id = newId();
      const tick = { kind: "tick", id, stream, author: "sweep", reason: "due" } as const;
      return {
        envelope: controlEnvelope(tick, source),
        group: groupOf(stream),
        deduplicationId: id,
      };
    }),
  );
  return streams;
}
