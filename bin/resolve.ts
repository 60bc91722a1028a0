/**
 * `npm run resolve`: what an operator does about halted streams, against whatever system is up.
 */
import { systemClock } from "#kernel/clock";
import { randomIds } from "#kernel/ids";
import { causeOf, type Head } from "#messaging";
import { attach } from "./operator/attach.ts";
import { newestRecords } from "./operator/audit-records.ts";
import { type ConsumerAccess, consumerNamed } from "./operator/consumers.ts";
import { decide, type DecisionWish } from "./operator/decide.ts";
import { producerFor } from "./operator/producers.ts";
import { RESOLVE_USAGE, type ResolveOptions, resolveOptions } from "./operator/resolve-options.ts";
import { UsageError } from "./operator/start-options.ts";
import { verifyStream } from "./operator/verify-stream.ts";
import { haltedTable, streamView } from "./operator/stream-view.ts";

const EXIT = { done: 0, failed: 1, usage: 2 } as const;
const STREAMS_MAX = 500;

type Asked = Exclude<ResolveOptions, { readonly action: "help" | "verify" }>;
type Decision = Extract<Asked, { readonly author: string }>;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = resolveOptions(args);
    if (options.action === "help") {
      console.log(RESOLVE_USAGE);
      return EXIT.done;
    }
    const { target, name, outputs } = await attach(options.account, process.env);
    const consumer = consumerNamed(options.consumer, target, outputs);
    console.error(`The consumer ${consumer.name} of ${name}.`);
    if (options.action !== "verify") return await act(options, consumer);
    const producer = producerFor(options.consumer, target, outputs);
    const head = await headOf(consumer, options.stream);
    const { isRight, text } = await verifyStream(producer, consumer.audit, head);
    console.log(`${options.stream}  ${text}`);
    return isRight ? EXIT.done : EXIT.failed;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

async function act(options: Asked, consumer: ConsumerAccess): Promise<number> {
  switch (options.action) {
    case "list":
      console.log(haltedTable(await haltedHeads(consumer)));
      return EXIT.done;
    case "show":
      console.log(await shown(consumer, await headOf(consumer, options.stream), options.before));
      return EXIT.done;
    case "retry":
    case "skip":
    case "replace":
      return await decideAll(options, consumer);
    default:
      return options satisfies never;
  }
}

/** The index may still lack the newest and hold what has gone on: the heads say how it is. */
async function haltedHeads({ index, heads }: ConsumerAccess): Promise<readonly Head[]> {
  const streams = await index.halted(STREAMS_MAX);
  const read = await Promise.all(streams.map((stream) => heads.read(stream)));
  return read.filter((head): head is Head => head?.status === "halted");
}

async function headOf({ heads, name }: ConsumerAccess, stream: string): Promise<Head> {
  const head = await heads.read(stream);
  if (head !== undefined) return head;
  throw new UsageError(`The consumer ${name} has never seen a stream ${JSON.stringify(stream)}.`);
}

async function shown(
  { heads, audit }: ConsumerAccess,
  head: Head,
  before: number | undefined,
): Promise<string> {
  const entry = causeOf(head);
  const [beside] =
    entry === undefined || entry.message !== undefined
      ? []
      : await heads.readParked(head.stream, [entry.sequence]);
  const history = await newestRecords(audit, head.stream, before);
  return streamView({ head, culprit: entry?.message ?? beside, history });
}

async function decideAll(options: Decision, consumer: ConsumerAccess): Promise<number> {
  const { stream } = options;
  const heads =
    stream === undefined ? await haltedHeads(consumer) : [await headOf(consumer, stream)];
  if (heads.length === 0) console.log("No stream is halted.");
  let refused = 0;
  for (const head of heads) {
    const why = await decideOne(options, consumer, head);
    if (why !== undefined) refused += 1;
  }
  return refused === 0 ? EXIT.done : EXIT.failed;
}

/** Why it was refused. */
async function decideOne(
  options: Decision,
  consumer: ConsumerAccess,
  head: Head,
): Promise<string | undefined> {
  const ports = { ...consumer, clock: systemClock, newId: randomIds };
  const { refused } = await decide(ports, wishOf(options, head), head.version);
  const now = await headOf(consumer, head.stream);
  const state = `${now.status}, applied up to ${now.last}, ${now.parked.length} parked`;
  console.log(
    refused === undefined
      ? `${head.stream}  ${options.action}: ${state}`
      : `${head.stream}  ${options.action} was refused: ${refused}; it is ${state}`,
  );
  return refused;
}

function wishOf(options: Decision, { stream, halt }: Head): DecisionWish {
  const { author, reason } = options;
  const sequence = (options.action === "skip" ? options.sequence : undefined) ?? halt?.sequence;
  if (sequence === undefined) {
    throw new UsageError(
      `The stream ${stream} is not halted: there is nothing to ${options.action}. To leave out ` +
        "messages that never came: skip STREAM --sequence N.",
    );
  }
  const base = { stream, author, reason, sequence };
  if (options.action !== "replace") return { ...base, kind: options.action };
  const { data, type } = options;
  return { ...base, kind: "replace", data, ...(type === undefined ? {} : { type }) };
}
