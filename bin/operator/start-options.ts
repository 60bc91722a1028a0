/**
 * The options of `npm start`, read and checked before anything is started.
 */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import type { Resolution } from "#replay/poison";

export const USAGE = `Usage: npm start -- [options]

Starts the local cloud, deploys all stacks, loads catalogue and stock, replays real orders over
HTTP, prints how it went, and stays up until Ctrl-C. With AWS_ENDPOINT_URL in the environment it
uses that LocalStack-compatible endpoint instead of its own local cloud.

  --orders N          how many orders of the file are replayed, from its top (default 300)
  --orders-file PATH  any file in the format of data/olist/orders.csv, .gz allowed
  --seed S            whole number from which everything is drawn (default 1)
  --duplicates P      probability, 0 to 1, that a request or webhook is sent twice (default 0.2)
  --disorder P        probability, 0 to 1, that webhooks come out of order (default 0.3)
  --poison N          orders that are sent a report which can never be applied (default 0): their
                      streams halt, all others go on
  --resolve HOW       decides about the halted streams: skip or replace what halted them
  --report PATH       writes the report as JSON
  --once              ends after the report; exit code 1 if anything in it is wrong
  --port N            port of the own local cloud at 127.0.0.1 (default: a free one)
  --target aws        uses the AWS account of your credentials; it costs money
  --help              this text
`;

export type StartOptions = {
  /** Undefined stands for the default, which a shorter file may undercut. */
  readonly orders: number | undefined;
  readonly ordersFile: string | undefined;
  readonly seed: number;
  readonly duplicates: number;
  readonly disorder: number;
  readonly poison: number;
  readonly resolve: Resolution | undefined;
  readonly report: string | undefined;
  readonly once: boolean;
  readonly port: number | undefined;
  readonly target: "aws" | undefined;
  readonly help: boolean;
};

/** What the person typed is wrong: one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Throws `UsageError`. */
export function startOptions(args: readonly string[]): StartOptions {
  const values = parsed(args);
  const poison = whole("--poison", values.poison ?? "0", 0, ORDERS_MAX);
  return {
    orders: optional(values.orders, (text) => whole("--orders", text, 1, ORDERS_MAX)),
    ordersFile: values["orders-file"],
    seed: whole("--seed", values.seed ?? "1", 0, SEED_MAX),
    duplicates: probability("--duplicates", values.duplicates ?? "0.2"),
    disorder: probability("--disorder", values.disorder ?? "0.3"),
    poison,
    resolve: optional(values.resolve, (text) => resolution(text, poison)),
    report: optional(values.report, writable),
    once: values.once ?? false,
    port: optional(values.port, (text) => whole("--port", text, 1, PORT_MAX)),
    target: optional(values.target, awsOnly),
    help: values.help ?? false,
  };
}

const ORDERS_MAX = 1_000_000;
/** The generator has 32 bits of state. */
const SEED_MAX = 4_294_967_295;
const PORT_MAX = 65_535;

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        orders: { type: "string" },
        "orders-file": { type: "string" },
        seed: { type: "string" },
        duplicates: { type: "string" },
        disorder: { type: "string" },
        poison: { type: "string" },
        resolve: { type: "string" },
        report: { type: "string" },
        once: { type: "boolean" },
        port: { type: "string" },
        target: { type: "string" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    // The first sentence says it; the rest is about positional arguments, of which there are none.
    const [what = ""] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    throw new UsageError(`${what.replace(/\.$/, "")}. See npm start -- --help.`, { cause: error });
  }
}

const optional = <Value>(text: string | undefined, read: (text: string) => Value) =>
  text === undefined ? undefined : read(text);

function whole(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d{1,10}$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${option} must be a whole number from ${least} to ${most}, got "${text}".`);
}

function probability(option: string, text: string): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value >= 0 && value <= 1) return value;
  throw new UsageError(`${option} must be a number from 0 to 1, like 0.2, got "${text}".`);
}

function resolution(text: string, poison: number): Resolution {
  if (text !== "skip" && text !== "replace") {
    throw new UsageError(`--resolve must be skip or replace, got "${text}".`);
  }
  if (poison > 0) return text;
  throw new UsageError(`--resolve ${text} needs halted streams: pass --poison N as well.`);
}

function writable(path: string): string {
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  if (folder?.isDirectory() !== true) {
    throw new UsageError(`--report: there is no folder ${dirname(path)}, make it first.`);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new UsageError(`--report: ${path} is a folder, name a file in it.`);
  }
  return path;
}

function awsOnly(text: string): "aws" {
  if (text === "aws") return text;
  throw new UsageError(`--target must be aws or be left out, got "${text}".`);
}
