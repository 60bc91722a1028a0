/**
 * `npm run resend`: sends events of the producer's store once more, for consumers that have missed
 * some. A lost last message leaves no gap, so nobody else would notice.
 */
import { parseArgs } from "node:util";
import { isoInstant, parseInstant } from "#kernel/units";
import { resend, resendSince } from "#messaging";
import { accountStage, targetUsage } from "./operator/account-stage.ts";
import { attach } from "./operator/attach.ts";
import { producerFor } from "./operator/producers.ts";
import { UsageError } from "./operator/start-options.ts";

const USAGE = `Usage: npm run resend -- --since INSTANT
       npm run resend -- --stream STREAM --from N [--to M]

Sends stored events once more to the consumer that reads them in order: all since an instant, or a
range of one stream's. What was applied before is dropped as a duplicate.

  --consumer NAME   of orders' events: order-list (default), recommendations, saga-start or
                    webhook-plan; of webhooks to be delivered: webhook-delivery
  --since INSTANT   RFC 3339, like 2026-01-31T12:00:00Z
  --stream STREAM   a stream's name; that of an order's events is the order's id
  --from N, --to M  sequences, both included; without --to up to the newest
${targetUsage(20)}
  --help            this text
`;

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const values = parsed(args);
    if (values.help === true) {
      console.log(USAGE);
      return EXIT.done;
    }
    const what = asked(values);
    const { target, outputs, name } = await attach(accountStage(values.target), process.env);
    const producer = producerFor(values.consumer ?? "order-list", target, outputs);
    if ("since" in what) {
      const { streams, messages } = await resendSince(producer, what.since);
      const since = isoInstant(what.since);
      console.log(
        `${messages} events of ${streams} streams since ${since} sent again, in ${name}.`,
      );
    } else {
      const messages = await resend(producer, what.stream, what.range);
      console.log(`${messages} events of ${what.stream} sent again, in ${name}.`);
    }
    return EXIT.done;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

type Values = ReturnType<typeof parsed>;

function asked({ since, stream, from, to }: Values) {
  if (since !== undefined) {
    const surplus = [stream, from, to].some((value) => value !== undefined);
    if (surplus)
      throw new UsageError("--since is for all streams: leave --stream, --from, --to out.");
    const at = parseInstant(since);
    if (at !== undefined) return { since: at };
    throw new UsageError(`--since must be like 2026-01-31T12:00:00Z, got "${since}".`);
  }
  if (stream === undefined || from === undefined) {
    throw new UsageError("Say --since INSTANT, or --stream STREAM --from N.");
  }
  const range = { from: whole("--from", from), ...(to !== undefined && { to: whole("--to", to) }) };
  if (range.to !== undefined && range.to < range.from) {
    throw new UsageError(`--to ${range.to} is before --from ${range.from}.`);
  }
  return { stream, range };
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && value >= 1) return value;
  throw new UsageError(`${option} must be a whole number from 1 on, got "${text}".`);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        consumer: { type: "string" },
        since: { type: "string" },
        stream: { type: "string" },
        from: { type: "string" },
        to: { type: "string" },
        target: { type: "string" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    const [what = ""] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    throw new UsageError(`${what.replace(/\.$/, "")}. See npm run resend -- --help.`, {
      cause: error,
    });
  }
}
