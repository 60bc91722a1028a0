/**
 * Writes docs/benchmark.md from what a run found, so that no number in it is typed by hand.
 */
import { markdownTable, type Table } from "../../../bin/simulation/columns.ts";
import { messageTable, orderTable, priceTable } from "../cost/tables.ts";
import { ASSUMPTIONS } from "../cost/model.ts";
import { PRICES_READ, REGION } from "../cost/prices.ts";
import { SWEEP_MESSAGES } from "../more/streams.ts";
import type { BenchResult } from "../result.ts";
import * as tables from "./tables.ts";

export function benchmarkDocument(result: BenchResult, transitions: number): string {
  const { rows, cloud } = result;
  const missed = rows.filter(({ met }) => !met).map(({ row, m }) => nameOf(row, m));
  const blocks = [
    "# Benchmark against Powertools",
    `Date: ${result.environment.date}`,
    "Written by `npm run bench -- --write docs`; do not edit it. Inorder's consumer, as it is " +
      "deployed, beside stock Powertools for AWS Lambda, batch processor and idempotency, set up " +
      "for SQS FIFO as its documentation recommends (`skipGroupOnError`, the message id as key) " +
      "with the cheapest business write there is. Both get the same events and the same store, " +
      "in one process, in turn; m is how many messages of one stream are in a batch of ten.",
    machine(result),
    "## Side by side",
    missed.length === 0 ? "Every goal is met." : `**Goals missed**: ${missed.join(", ")}.`,
    block(tables.rowTable(rows)),
    "`uncached` is a sandbox that remembers no head, `alone` the ratio to Powertools without a " +
      "business write, while ours still writes the state. What is counted is the same on every " +
      "machine and gates in `npm test`; a time is the median of its rounds, and its ratio is " +
      "taken round by round.",
    "![Ratios to Powertools](benchmark-ratios.svg)",
    block(tables.noteTable(rows)),
    ...limits(),
    "## A stream's length",
    block(tables.growthTable(result)),
    "Per message. Powertools writes one item for each message, and keeps it an hour.",
    "![Growth](benchmark-growth.svg)",
    "## Waiting streams",
    "Each waits for its first message and has its second parked.",
    block(tables.parkedTable(result)),
    "## More and more streams",
    `${SWEEP_MESSAGES.toLocaleString("en")} messages in batches of ten, per message.`,
    block(tables.streamsTable(result)),
    "![Streams](benchmark-streams.svg)",
    "## One poison in ten streams",
    "Ten streams of five messages; the first of one can never be applied. Delivered until the " +
      "queue is empty, 15 receives at most.",
    block(tables.poisonTable(result)),
    ...(cloud.length === 0 ? [] : ["## On the local cloud", block(tables.cloudTable(result))]),
    ...costBlocks(result, transitions),
    "## How to run it again",
    "```sh\nnpm run bench -- --write docs\nnpm run cost\n```",
  ];
  return `${blocks.join("\n\n")}\n`;
}

function machine({ environment }: BenchResult): string {
  const { commit, isCommitted, node, cores, packages, storeLatencyMs, rounds } = environment;
  const versions = Object.entries(packages).map(([name, version]) => `\`${name}\` ${version}`);
  const changes = isCommitted ? "" : " with uncommitted changes";
  return (
    `Commit \`${commit.slice(0, 12)}\`${changes}, Node ${node}, ${cores} cores, of which each ` +
    `side uses one; ${versions.join(", ")}; injected store latency ${storeLatencyMs} ms ` +
    `where a row says so; ${rounds} rounds. CPU is that of all threads of the process, the collector's too.`
  );
}

/** Where the floor is, and why; said once, so that a missed goal explains itself. */
const limits = (): readonly string[] => [
  "### Where the floor is",
  [
    "- Rows 1 and 9 at m = 1: one conditional write for each message is what makes it durable; a " +
      "sandbox that does not know the head reads it first.",
    "- Row 2: a head under 1 KB is one write unit, however many messages it moves over.",
    "- Rows 5 and 7 at m = 1: a message alone in its stream pays for a whole commit: the head as " +
      "text (600 bytes), one SDK command, three digests, two ids, and the turns of a stream that " +
      "runs beside nine others. Parsing, digests and that text alone are a third of what " +
      "Powertools costs. It is 1 % of what the SDK takes to send the request (row 6).",
    "- Row 11: the audit chain takes three SHA-256 a message, about 1 us on a quiet core, and " +
      "canonical JSON as much; without them only classification and parking are left.",
  ].join("\n"),
];

function costBlocks(result: BenchResult, transitions: number): readonly string[] {
  const { messagesOfOrder, storeLatencyMs, memoryMegabytes } = ASSUMPTIONS;
  return [
    "## Cost",
    `Counters of this run times prices of ${REGION}, read on ${PRICES_READ}, without free tiers; ` +
      `${messagesOfOrder} messages an order, ${memoryMegabytes} MB functions, ` +
      `${storeLatencyMs} ms a store request, full batches. With events, each message also ` +
      "leads to an event of its " +
      "own: in the same transaction here, in an outbox table there. A million messages:",
    block(messageTable(result)),
    `A million orders, each through a saga of ${transitions} transitions, which is the same for ` +
      "all:",
    block(orderTable(result, transitions)),
    block(priceTable()),
  ];
}

const nameOf = (row: number, m: number | null): string =>
  m === null ? `row ${row}` : `row ${row} at m = ${m}`;

const block = (table: Table): string => markdownTable(table).join("\n");
