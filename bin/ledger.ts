/**
 * `npm run ledger`: sums the payments' ledger and says whether it is balanced.
 */
import { parseArgs } from "node:util";
import { accountStage, targetUsage } from "./operator/account-stage.ts";
import { attach } from "./operator/attach.ts";
import { isBalanced, type Ledger, verifiedLedger } from "./operator/ledger.ts";
import { UsageError } from "./operator/start-options.ts";

const USAGE = `Usage: npm run ledger -- [options]

Sums every movement of money by account and currency, in minor units, and holds each against the
step that made it. The exit code is 1 when anything differs.

${targetUsage(20)}
  --help            this text
`;

const EXIT = { balanced: 0, failed: 1, usage: 2 } as const;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const { target: wanted, help } = parsed(args);
    if (help === true) {
      console.log(USAGE);
      return EXIT.balanced;
    }
    const { target, outputs, name } = await attach(accountStage(wanted), process.env);
    const ledger = await verifiedLedger(target, outputs);
    print(ledger, name);
    return isBalanced(ledger) ? EXIT.balanced : EXIT.failed;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

function print(ledger: Ledger, name: string): void {
  for (const { currency, captured, refunded, provider, orders } of ledger.sums) {
    console.log(`${currency}  account provider   ${provider}`);
    console.log(`${currency}  account orders     ${orders}`);
    console.log(
      `${currency}  payments - refunds ${captured} - ${refunded} = ${captured - refunded}`,
    );
  }
  for (const { orderId, faults } of ledger.faults) console.log(`${orderId}  ${faults.join("; ")}`);
  const verdict = isBalanced(ledger) ? "balanced" : "NOT balanced";
  console.log(`The ledger is ${verdict}: ${ledger.movements} movements, in ${name}.`);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { target: { type: "string" }, help: { type: "boolean" } },
    }).values;
  } catch (error) {
    const [what = ""] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    throw new UsageError(`${what.replace(/\.$/, "")}. See npm run ledger -- --help.`, {
      cause: error,
    });
  }
}
