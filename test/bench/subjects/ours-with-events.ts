/**
 * The library where each message also leads to an event of its own: an effects handler, whose
 * events are written in one transaction with the head. What another design writes to an outbox.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { appendWrites } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { systemClock } from "#kernel/clock";
import { randomIds } from "#kernel/ids";
import { type AppendWrite, type EffectsHandler, nextCommit, orderedConsumer } from "#messaging";
import { TABLES } from "../store/table.ts";
import { lambdaSubject, noDeadLetters } from "./ours.ts";
import type { Subject } from "./subject.ts";

/** Sequences of the events that a stream has led to so far. */
type Led = { readonly number: number };

const credits: EffectsHandler<Led, AppendWrite> = {
  kind: "effects",
  load: async () => ({ number: 0 }),
  handle({ number }, { stream, data }, { now }) {
    const events = [{ type: "account.credited", data }];
    const first = nextCommit(stream, [], { events, recordedAt: now });
    const sequence = number + 1;
    const commit = {
      ...first,
      number: sequence,
      events: first.events.map((event) => ({ ...event, sequence })),
    };
    return { loaded: { number: sequence }, writes: [{ kind: "append", commit }] };
  },
};

export function startOursWithEvents(client: DynamoDBClient): Subject {
  return lambdaSubject(
    orderedConsumer({
      handler: credits,
      heads: dynamoHeadStore({
        client,
        table: TABLES.heads,
        consumer: "accounts",
        writes: appendWrites(TABLES.heads),
      }),
      deadLetters: noDeadLetters,
      clock: systemClock,
      newId: randomIds,
    }),
  );
}
