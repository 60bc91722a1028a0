/**
 * `npm run redrive`: moves a consumer's dead letters back to its queue, in order.
 */
import { parseArgs } from "node:util";
import { redrive } from "#adapters/aws/sqs/redrive";
import { randomIds } from "#kernel/ids";
import { accountStage, targetUsage } from "./operator/account-stage.ts";
import { attach } from "./operator/attach.ts";
import { consumerNamed } from "./operator/consumers.ts";
import { CONSUMER_USAGE } from "./operator/resolve-options.ts";
import { UsageError } from "./operator/start-options.ts";

const USAGE = `Usage: npm run redrive -- [options]

Moves dead letters back to the queue that their consumer reads, in the order of their groups. It may
be done at any time: what was applied meanwhile is dropped as a duplicate.

${CONSUMER_USAGE}
  --limit N         at most so many, 1 to 10000 (default 1000)
${targetUsage(20)}
  --help            this text
`;

const EXIT = { done: 0, failed: 1, usage: 2 } as const;
const LIMIT_DEFAULT = "1000";
const LIMIT_MAX = 10_000;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const { consumer: name = "fulfilment", limit, account, help } = options(args);
    if (help === true) {
      console.log(USAGE);
      return EXIT.done;
    }
    const attached = await attach(account, process.env);
    const { sqs, queueUrl, deadLetterQueueUrl } = consumerNamed(
      name,
      attached.target,
      attached.outputs,
    );
    const from = deadLetterQueueUrl;
    const moved = await redrive({ client: sqs, from, to: queueUrl, newId: randomIds, limit });
    for (const { group, cause } of moved) console.log(`${group}  ${cause ?? "received too often"}`);
    console.log(`${moved.length} dead letters of ${name} moved back, in ${attached.name}.`);
    return EXIT.done;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

function options(args: readonly string[]) {
  const { limit: text = LIMIT_DEFAULT, target, ...values } = parsed(args);
  const limit = Number(text);
  if (!/^\d{1,5}$/.test(text) || limit < 1 || limit > LIMIT_MAX) {
    throw new UsageError(`--limit must be a whole number from 1 to ${LIMIT_MAX}, got "${text}".`);
  }
  return { ...values, limit, account: accountStage(target) };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        consumer: { type: "string" },
        limit: { type: "string" },
        target: { type: "string" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    const [what = ""] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    throw new UsageError(`${what.replace(/\.$/, "")}. See npm run redrive -- --help.`, {
      cause: error,
    });
  }
}
