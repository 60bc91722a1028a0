/**
 * The function of a projection that can be made anew: an ordered consumer for each generation. What
 * its queue brings goes to the one that is read and, while another is built, into that as well; an
 * operator's rebuild has it replay streams into the one that is built.
 */
import { replayRequest } from "#contracts/operator";
import type { ClaimCheckStore, EventStore, HeadStore } from "#messaging";
import { recentMap } from "#kernel/recent-map";
import { validated } from "#runtime/validation";
import type { LambdaContext, QueueAnswer, QueueEvent, QueueHandler } from "../queue-handler.ts";
import type { ConsumerTelemetry } from "../stdout-telemetry.ts";
import type { KnownGenerations } from "./generations.ts";
import { type Replayed, replay } from "./replay.ts";

export type ProjectingProps = {
  readonly generations: KnownGenerations;
  /** One generation's; called once for each, in each sandbox. */
  readonly consumer: (generation: number, telemetry: ConsumerTelemetry) => QueueHandler;
  readonly heads: (generation: number) => Pick<HeadStore, "read">;
  /** Counts what the generation does that is read. */
  readonly telemetry: ConsumerTelemetry;
  /** The producer's. */
  readonly store: Pick<EventStore, "read">;
  /** CloudEvents `source` of the events, as the relay's. */
  readonly source: string;
  /** What the queue carries. */
  readonly types: readonly string[];
  /** As the relay's and the consumer's. */
  readonly claimChecks?: ClaimCheckStore;
};

export type ProjectingHandler = (
  event: QueueEvent | { readonly replay: unknown },
  context: LambdaContext,
) => Promise<QueueAnswer | Replayed>;

/** The one that is read, the one that is built, and the one that was read before. */
const GENERATIONS_KEPT = 3;

/**
 * A batch never throws. A replay throws `Failure` `invalid-request` (reject) for what is none.
 */
export function projecting(props: ProjectingProps): ProjectingHandler {
  const { generations, telemetry } = props;
  const made = recentMap<QueueHandler>(GENERATIONS_KEPT);
  const consumerOf = (generation: number, isLive: boolean): QueueHandler => {
    const key = `${isLive ? "live" : "next"} ${generation}`;
    const consumer =
      made.get(key) ?? props.consumer(generation, isLive ? telemetry : uncounted(telemetry));
    made.put(key, consumer);
    return consumer;
  };
  const leftOut = (stream: string) =>
    generations.reading(async (live) => (await props.heads(live).read(stream))?.skipped ?? []);
  const replayInto = (generation: number, streams: readonly string[], context: LambdaContext) =>
    replay(
      { ...props, consume: consumerOf(generation, false), heads: props.heads(generation), leftOut },
      streams,
      context,
    );

  const batch = (event: QueueEvent, context: LambdaContext): Promise<QueueAnswer> =>
    generations.within(async ({ live, next }) => {
      const consumed = consumerOf(live, true)(event, context);
      if (next === undefined) return await consumed;
      const [answer, { behind }] = await Promise.all([
        consumed,
        replayInto(next, streamsOf(event), context),
      ]);
      return withBehind(answer, event, new Set(behind.map(({ stream }) => stream)));
    });

  return async (event, context) => {
    if ("replay" in event) {
      const { generation, streams } = validated(replayRequest, event, "The call").replay;
      return await replayInto(generation, streams, context);
    }
    try {
      return await batch(event, context);
    } catch (error) {
      // It could not be told which generations there are: the queue brings it all again.
      telemetry.logger.warn("The projection's generations could not be read.", { error });
      return failing(event.Records.map(({ messageId }) => messageId));
    }
  };
}

/** A message's group is its stream. */
const streamsOf = ({ Records }: QueueEvent): readonly string[] => [
  ...new Set(Records.flatMap(({ attributes }) => attributes.MessageGroupId ?? [])),
];

/** What one of the two has not made durable has to come again. */
function withBehind(
  { batchItemFailures }: QueueAnswer,
  { Records }: QueueEvent,
  behind: ReadonlySet<string>,
): QueueAnswer {
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  return failing(
    Records.filter(
      ({ messageId, attributes }) =>
        failed.has(messageId) || behind.has(attributes.MessageGroupId ?? ""),
    ).map(({ messageId }) => messageId),
  );
}

const failing = (messageIds: readonly string[]): QueueAnswer => ({
  batchItemFailures: messageIds.map((itemIdentifier) => ({ itemIdentifier })),
});

/** What a generation does that nobody reads yet is in the log, and in no alarm. */
const uncounted = (telemetry: ConsumerTelemetry): ConsumerTelemetry => ({
  logger: telemetry.logger,
  correlate: () => {},
  count: () => {},
  milliseconds: () => {},
  flush: () => {},
});
