/**
 * Publishes to an EventBridge bus. It keeps no order, so nothing that needs order may depend on it.
 */
import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from "@aws-sdk/client-eventbridge";
import { type Clock, systemClock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { encode, type EventBus, type SentEnvelope } from "#messaging";
import { backOff } from "../backoff.ts";
import { requestBatches } from "../request-batches.ts";

/**
 * Source: "Amazon EventBridge quotas"; an entry counts the bytes of source, detail type and detail.
 */
const REQUEST = { entriesMax: 10, bytesMax: 1_048_576 } as const;
const ROUNDS_MAX = 5;

/**
 * The entry itself is at fault (PutEventsResultEntry, "ErrorCode"); missing permissions and
 * throttles pass.
 */
const NEVER_ACCEPTED: ReadonlySet<string> = new Set(["InvalidArgument", "MalformedDetail"]);

export type EventBusProps = {
  readonly client: EventBridgeClient;
  readonly busName: string;
  /** For the pauses between rounds. Default: the system's. */
  readonly clock?: Clock;
  /** 0 to 1, for the lengths of those pauses. Default: the system's. */
  readonly random?: () => number;
};

type Entry = { readonly entry: PutEventsRequestEntry; readonly bytes: number };

type Refused = { readonly entry: Entry; readonly result: PutEventsResultEntry | undefined };

export function eventBridgeEventBus({
  client,
  busName,
  clock = systemClock,
  random = Math.random,
}: EventBusProps): EventBus {
  /** An entry without a result counts as refused: at least once. */
  const request = async (batch: readonly Entry[]): Promise<readonly Refused[]> => {
    const command = new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) });
    const { Entries = [] } = await client.send(command).catch((error: unknown) => {
      throw unavailable("did not answer", error);
    });
    return batch
      .map((entry, index) => ({ entry, result: Entries[index] }))
      .filter(({ result }) => result?.EventId === undefined);
  };

  return {
    async publish(envelopes) {
      const entries = envelopes.map((envelope) => entryOf(envelope, busName));
      for (const batch of requestBatches(entries, REQUEST)) {
        let rest = batch;
        for (let round = 0; rest.length > 0; round += 1) {
          const refused = await request(rest);
          rest = refused.map(({ entry }) => entry);
          if (rest.length === 0) break;
          assertMayPass(refused);
          if (round === ROUNDS_MAX - 1) throw unavailable(refusal(refused));
          await backOff(clock, round, random);
        }
      }
    },
  };
}

function entryOf(envelope: SentEnvelope, busName: string): Entry {
  const { source, type } = envelope;
  const detail = encode(envelope);
  return {
    entry: { EventBusName: busName, Source: source, DetailType: type, Detail: detail },
    bytes: Buffer.byteLength(source + type + detail, "utf8"),
  };
}

function assertMayPass(refused: readonly Refused[]): void {
  for (const { result } of refused) {
    if (!NEVER_ACCEPTED.has(result?.ErrorCode ?? "")) continue;
    const text = `The event bus never takes it: ${result?.ErrorCode}, ${result?.ErrorMessage}.`;
    throw new Failure("malformed-message", "reject", text);
  }
}

const refusal = ([first, ...others]: readonly Refused[]): string =>
  `refused ${others.length + 1} events ${ROUNDS_MAX} times, at last with ` +
  `${first?.result?.ErrorCode}: ${first?.result?.ErrorMessage}`;

const unavailable = (what: string, cause?: unknown): Failure =>
  new Failure("store-unavailable", "retry", `The event bus ${what}.`, { cause });
