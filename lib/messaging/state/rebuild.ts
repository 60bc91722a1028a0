/**
 * A fold's state at any sequence, computed from the producer's log: to restore a projection, to
 * look at an earlier one, or to prove that a read model is what its events say.
 */
import { Failure } from "#kernel/failure";
import type { Json } from "#kernel/json";
import type { EpochMs } from "#kernel/units";
import type { FoldHandler } from "../consumer/handler.ts";
import type { Message } from "../envelope/envelope.ts";
import { type StoredLog, storedMessages } from "../producer/stored-messages.ts";

/** A state, and the last sequence that is in it. */
export type StateAt<State> = { readonly state: State; readonly sequence: number };

export type RebuildOptions<State> = {
  /** Where to begin: a state that is known to be right. Default: before the first message. */
  readonly from?: StateAt<State>;
  /** The last sequence that shall be in it. Default: all there are. */
  readonly upTo?: number;
  /** What handlers are told as the time of delivery. */
  readonly now: EpochMs;
};

/**
 * Costs one `evolve` for each message behind `from`, whatever lies before it.
 *
 * @param log the stream's messages, ascending; those up to `from` may be left out.
 * @throws Failure `conflict` (reject) when the log has a gap or ends before `upTo`, or `from` is
 * behind it; and what the handler throws for a message that can never be applied.
 */
export function rebuild<State extends Json>(
  handler: FoldHandler<State>,
  log: Iterable<Message>,
  { from = { state: handler.initial, sequence: 0 }, upTo, now }: RebuildOptions<State>,
): StateAt<State> {
  let { state, sequence } = from;
  if (upTo !== undefined && upTo < sequence) throw beyond(upTo, sequence);
  for (const message of log) {
    if (message.sequence <= sequence) continue;
    if (sequence === upTo) break;
    if (message.sequence !== sequence + 1) throw missing(message.stream, sequence + 1);
    state = handler.evolve(state, message, { now, held: false });
    sequence = message.sequence;
  }
  if (upTo !== undefined && sequence < upTo) throw missing("", sequence + 1);
  return { state, sequence };
}

/**
 * The same, out of the producer's store: reads what is behind `from`, up to `upTo`.
 *
 * @param log `types` are those of the handler's queue; of each stream they have no gaps.
 * Errors: as `rebuild`, and of the store.
 */
export async function rebuildFrom<State extends Json>(
  log: StoredLog,
  stream: string,
  handler: FoldHandler<State>,
  options: RebuildOptions<State>,
): Promise<StateAt<State>> {
  const range = { from: (options.from?.sequence ?? 0) + 1, to: options.upTo };
  return rebuild(handler, await storedMessages(log, stream, range), options);
}

const beyond = (upTo: number, from: number): Failure =>
  new Failure(
    "conflict",
    "reject",
    `The state at sequence ${upTo} was asked for, but the one to begin with is at ${from}; ` +
      "begin with an earlier one.",
  );

const missing = (stream: string, sequence: number): Failure =>
  new Failure(
    "conflict",
    "reject",
    `The log ${stream === "" ? "" : `of stream ${JSON.stringify(stream)} `}lacks sequence ` +
      `${sequence}; a state cannot be rebuilt over a gap.`,
  );
