/**
 * Publishes to an EventBridge bus. It keeps no order, so nothing that needs order may depend on it.
 */
import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { Failure } from "#kernel/failure";
import type { Envelope, EventBus } from "#messaging";

/** Quota: 10 entries a request ("Amazon EventBridge quotas"). */
const ENTRIES_MAX = 10;
const ROUNDS_MAX = 5;

export function eventBridgeEventBus({
  client,
  busName,
}: {
  readonly client: EventBridgeClient;
  readonly busName: string;
}): EventBus {
  const put = async (batch: readonly Envelope[]): Promise<readonly Envelope[]> => {
    const command = new PutEventsCommand({
      Entries: batch.map((envelope) => ({
        EventBusName: busName,
        Source: envelope.source,
        DetailType: envelope.type,
        Detail: JSON.stringify(envelope),
      })),
    });
    const { Entries } = await client.send(command).catch((error: unknown) => {
      throw unavailable("gave no answer", error);
    });
    return batch.filter((_envelope, index) => Entries?.[index]?.ErrorCode !== undefined);
  };

  return {
    async publish(envelopes) {
      for (let from = 0; from < envelopes.length; from += ENTRIES_MAX) {
        let rest: readonly Envelope[] = envelopes.slice(from, from + ENTRIES_MAX);
        for (let round = 0; rest.length > 0; round += 1) {
          if (round === ROUNDS_MAX) throw unavailable(`refused ${rest.length} events`);
          rest = await put(rest);
        }
      }
    },
  };
}

const unavailable = (what: string, cause?: unknown): Failure =>
  new Failure("store-unavailable", "retry", `The event bus ${what}.`, { cause });
