/**
 * Stock Powertools for AWS Lambda (TypeScript) as the consumer of the simulated queue: batch and
 * idempotency, put together as its documentation does for SQS FIFO (features/batch.md, "FIFO
 * queues" with `skipGroupOnError`; features/idempotency.md, "Batch integration", with the Lambda
 * context registered). The handler is what a careful user writes: it reads the stream's log and
 * appends to it on the condition that nobody else has.
 */
import { processPartialResponse, SqsFifoPartialProcessorAsync } from "@aws-lambda-powertools/batch";
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import type { Context, SQSRecord } from "aws-lambda";
import { memoryEventStore } from "#adapters/memory/event-store";
import type { JsonObject } from "#kernel/json";
import type { EpochMs } from "#kernel/units";
import { nextCommit } from "#messaging";
import { EFFECT_TYPE } from "../subjects.ts";
import type { StartSandbox, SystemOptions } from "../system.ts";
import { type Carry, idempotencyTable, type RecordEvent } from "./idempotency-table.ts";
import { answerOf, contextOf, type LambdaHandler } from "./lambda-event.ts";
import { onClock } from "./virtual-date.ts";

/** What of `SystemOptions` it needs. */
export type SubjectSurroundings = Pick<
  SystemOptions,
  "remote" | "table" | "payload" | "onFailure" | "asWriter" | "now"
>;

export type PowertoolsOptions = {
  /** Where the idempotency key is: the event's id, or SQS's message id as in the sample. */
  readonly eventKeyJmesPath: string;
  /** Default of the processor: false; recommended for several groups: true. */
  readonly skipGroupOnError: boolean;
  /** What of a record must be the same when its key comes again. Default: it is not compared. */
  readonly payloadValidationJmesPath?: string;
  readonly onEvent: (event: RecordEvent) => void;
};

export const EVENT_ID = "powertools_json(body).id";
/** As in the documentation's sample for batches: another one after a resend and after a redrive. */
export const SQS_MESSAGE_ID = "messageId";

export function startPowertools(
  { remote, table, payload, onFailure, asWriter, now }: SubjectSurroundings,
  { skipGroupOnError, onEvent, ...idempotency }: PowertoolsOptions,
): StartSandbox {
  const ledger = memoryEventStore(table);
  const records = idempotencyTable(onEvent);

  /** A cold start: everything that stands outside of the handler in the documentation's sample. */
  return (process) => {
    const carry: Carry = (port, kind, effect) =>
      remote.call(process, { port, subject: port, kind }, async () => effect());
    const processor = new SqsFifoPartialProcessorAsync();
    const persistenceStore = new DynamoDBPersistenceLayer({
      tableName: "idempotency",
      awsSdkV3Client: records.client(process.name, carry),
    });
    const config = new IdempotencyConfig(idempotency);
    const business: Business = {
      read: (stream) =>
        remote.call(process, { port: "ledger.read", subject: stream, kind: "read" }, () =>
          ledger.read(stream),
        ),
      append: (commit) =>
        remote.call(process, { port: "ledger.append", subject: commit.stream, kind: "write" }, () =>
          asWriter(process, () => ledger.append(commit)),
        ),
      payload: (ref) => carry("payloads.get", "read", () => payload(ref)),
      refused: (stream) => onFailure(process, stream),
      now: () => now() as EpochMs,
    };
    const processIdempotently = makeIdempotent((record: SQSRecord) => handled(record, business), {
      persistenceStore,
      config,
    });
    const handler: LambdaHandler = (event, lambdaContext) => {
      const context = lambdaContext as Context;
      config.registerLambdaContext(context);
      return processPartialResponse(event, processIdempotently, processor, {
        context,
        skipGroupOnError,
      });
    };
    return ({ batch, remainingMs }) =>
      onClock(
        () => process.clock.now(),
        () => answerOf(batch, handler, contextOf(process, remainingMs)),
      );
  };
}

type Ledger = ReturnType<typeof memoryEventStore>;

/** What the user's handler works with. */
type Business = Pick<Ledger, "read" | "append"> & {
  readonly payload: (ref: string) => Promise<string | undefined>;
  readonly refused: (stream: string) => void;
  readonly now: () => EpochMs;
};

async function handled({ body }: SQSRecord, business: Business): Promise<JsonObject> {
  const { id, stream, sequence, data } = await eventIn(body, business);
  if (data["poison"] === "permanent") {
    business.refused(stream);
    throw new Error(`${id} can never be applied`);
  }
  const failsUntil = data["failsUntil"];
  if (typeof failsUntil === "number" && business.now() < failsUntil) {
    business.refused(stream);
    throw new Error(`${id} cannot be applied now`);
  }
  const commits = await business.read(stream);
  const effect = { sequence, id, value: Number(data["value"]) };
  const events = [{ type: EFFECT_TYPE, data: effect }];
  const commit = nextCommit(stream, commits, { events, recordedAt: business.now() });
  const { kind } = await business.append(commit);
  if (kind === "exists") throw new Error(`Somebody else has written to ${stream} meanwhile`);
  return { id, number: commit.number };
}

type BusinessEvent = {
  readonly id: string;
  readonly stream: string;
  readonly sequence: number;
  readonly data: JsonObject;
};

/** @throws for a body that is no event. */
async function eventIn(body: string, { payload }: Business): Promise<BusinessEvent> {
  const { id, partitionkey, sequence, data, dataref } = JSON.parse(body) as JsonObject;
  if (typeof id !== "string" || typeof partitionkey !== "string") throw new Error("no event");
  if (typeof sequence !== "number") throw new Error(`${id} has no sequence`);
  if (typeof dataref !== "string") {
    return { id, stream: partitionkey, sequence, data: data as JsonObject };
  }
  const text = await payload(dataref);
  if (text === undefined) throw new Error(`${dataref} is not there`);
  return { id, stream: partitionkey, sequence, data: JSON.parse(text) as JsonObject };
}
