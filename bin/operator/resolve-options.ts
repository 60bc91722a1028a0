/**
 * The arguments of `npm run resolve`, read and checked before anything is asked or sent.
 */
import { existsSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import { isJsonObject, type JsonObject } from "#kernel/json";
import { type AccountStage, accountStage, targetUsage } from "./account-stage.ts";
import { UsageError } from "./start-options.ts";

/** The same in every command about one consumer. */
export const CONSUMER_USAGE = `\
  --consumer NAME   fulfilment (default), order-list, recommendations, saga-start, webhook-plan or
                    webhook-delivery`;

export const RESOLVE_USAGE = `Usage: npm run resolve -- list
       npm run resolve -- show|verify STREAM
       npm run resolve -- retry|skip STREAM --reason TEXT
       npm run resolve -- retry|skip --all --reason TEXT
       npm run resolve -- replace STREAM --data JSON|@FILE --reason TEXT

Lists the streams that are halted, shows one with its cause and what waits behind it, and decides
about it: try the message again, leave it out, or apply other data in its place. A decision travels
through the stream's own message group, is recorded with its author and reason, and then everything
that was parked is applied in order. verify computes what was applied again from the producer's log,
where there is one: its events are those of our own stores.

${CONSUMER_USAGE}
  --reason TEXT     why, for the audit log: 1 to 500 characters
  --author NAME     who, for the audit log (default: your login name)
  --data JSON       the message's data instead of its own; @FILE reads it from a file
  --type TYPE       the message's type instead of its own
  --before N        show: the history before version N of its head; without it the newest 200
  --sequence N      skip: leave out everything up to N, also what never came
  --all             every halted stream, at most 500
${targetUsage(20)}
  --help            this text
`;

export type ResolveOptions = {
  readonly consumer: string;
  readonly account: AccountStage | undefined;
} & (
  | { readonly action: "help" }
  | { readonly action: "list" }
  | { readonly action: "show"; readonly stream: string; readonly before: number | undefined }
  | { readonly action: "verify"; readonly stream: string }
  | ({ readonly action: "retry" | "skip"; readonly sequence: number | undefined } & Deciding)
  | ({
      readonly action: "replace";
      readonly data: JsonObject;
      readonly type: string | undefined;
    } & Deciding)
);

type Deciding = {
  /** Undefined: all that are halted. */
  readonly stream: string | undefined;
  readonly author: string;
  readonly reason: string;
};

const OPTIONS = {
  consumer: { type: "string" },
  reason: { type: "string" },
  author: { type: "string" },
  data: { type: "string" },
  type: { type: "string" },
  sequence: { type: "string" },
  before: { type: "string" },
  all: { type: "boolean" },
  target: { type: "string" },
  help: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parsed>["values"];

/** Throws `UsageError`. */
export function resolveOptions(args: readonly string[]): ResolveOptions {
  const { values, positionals } = parsed(args);
  const [action = "", stream, surplus] = positionals;
  const { consumer = "fulfilment", target } = values;
  const base = { consumer, account: accountStage(target) };
  if (values.help === true) return { ...base, action: "help" };
  if (surplus !== undefined) throw new UsageError(`One stream at a time, got "${surplus}" too.`);
  switch (action) {
    case "list":
      only(values, action, ["consumer", "target"]);
      return { ...base, action };
    case "show": {
      only(values, action, ["consumer", "target", "before"]);
      const named = required(stream, "show STREAM: name the stream.");
      return { ...base, action, stream: named, before: wholeIn("before", values.before) };
    }
    case "verify":
      only(values, action, ["consumer", "target"]);
      return { ...base, action, stream: required(stream, "verify STREAM: name the stream.") };
    case "retry":
    case "skip": {
      const own = action === "skip" && stream !== undefined ? ["sequence"] : [];
      only(values, action, [...DECIDING, "all", ...own]);
      const sequence = wholeIn("sequence", values.sequence);
      return { ...base, action, sequence, ...deciding(values, stream) };
    }
    case "replace": {
      only(values, action, [...DECIDING, "data", "type"]);
      const data = dataOf(required(values.data, "replace needs --data JSON or --data @FILE."));
      return { ...base, action, data, type: values.type, ...deciding(values, stream) };
    }
    default:
      throw new UsageError(
        `Say list, show, verify, retry, skip or replace, got "${action}". ` +
          "See npm run resolve -- --help.",
      );
  }
}

const DECIDING = ["consumer", "target", "reason", "author"] as const;
const REASON_LENGTH_MAX = 500;
const AUTHOR_LENGTH_MAX = 200;

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [what = ""] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    throw new UsageError(`${what.replace(/\.$/, "")}. See npm run resolve -- --help.`, {
      cause: error,
    });
  }
}

function deciding(values: Values, stream: string | undefined): Deciding {
  if ((stream === undefined) === (values.all !== true)) {
    throw new UsageError("Name one stream, or pass --all for every halted one.");
  }
  const reason = required(values.reason, "--reason TEXT is needed: it is what the audit log says.");
  const author = values.author ?? userInfo().username;
  bounded("--reason", reason, REASON_LENGTH_MAX);
  bounded("--author", author, AUTHOR_LENGTH_MAX);
  return { stream, author, reason };
}

function only(values: Values, action: string, allowed: readonly string[]): void {
  const surplus = Object.keys(values).find((name) => !allowed.includes(name));
  if (surplus === undefined) return;
  throw new UsageError(`--${surplus} has no meaning for ${action} as it is asked for here.`);
}

function required(text: string | undefined, complaint: string): string {
  if (text === undefined || text === "") throw new UsageError(complaint);
  return text;
}

function bounded(option: string, text: string, lengthMax: number): void {
  if (text.length >= 1 && text.length <= lengthMax) return;
  throw new UsageError(`${option} has 1 to ${lengthMax} characters, got ${text.length}.`);
}

function wholeIn(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && value >= 1) return value;
  throw new UsageError(`--${option} must be a whole number from 1 on, got "${text}".`);
}

function dataOf(given: string): JsonObject {
  const file = given.startsWith("@") ? given.slice(1) : undefined;
  if (file !== undefined && !existsSync(file)) {
    throw new UsageError(`--data: there is no file ${file}.`);
  }
  const text = file === undefined ? given : readFileSync(file, "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--data is not JSON: ${why}.`, { cause: error });
  }
  if (isJsonObject(value)) return value;
  throw new UsageError(`--data must be a JSON object, got ${text.slice(0, 60)}.`);
}
