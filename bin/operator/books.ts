/**
 * The shop's own verifications, asked by its operator: the money of some orders, and all its stock.
 */
import { LambdaClient } from "@aws-sdk/client-lambda";
import { stockVerification } from "#contracts/operator";
import type { Books } from "#replay/money";
import { connection } from "./connection.ts";
import type { Outputs } from "./deploy.ts";
import { isBalanced, ledgerOfOrders } from "./ledger.ts";
import { invoke } from "./load.ts";
import type { Target } from "./target.ts";

export type BooksRequest = {
  readonly target: Target;
  readonly outputs: Pick<Outputs, "VerifyLedgerFunction" | "VerifyStockFunction">;
};

/** Throws Error with the functions' own words when one fails. */
export async function booksOf(
  { target, outputs }: BooksRequest,
  orderIds: readonly string[],
): Promise<Books> {
  const lambda = new LambdaClient(connection(target));
  const ledger = await ledgerOfOrders(target, outputs, orderIds);
  const { units } = stockVerification.parse(await invoke(lambda, outputs.VerifyStockFunction, {}));
  const sum = (value: (of: (typeof ledger.sums)[number]) => number): number =>
    ledger.sums.reduce((total, of) => total + value(of), 0);
  return {
    ledger: {
      captured: sum(({ captured }) => captured),
      refunded: sum(({ refunded }) => refunded),
      faults: [
        ...ledger.faults.map(({ orderId, faults }) => `${orderId}: ${faults.join("; ")}`),
        ...(isBalanced({ ...ledger, faults: [] }) ? [] : ["the ledger is not balanced"]),
      ],
    },
    stock: {
      inStockAndSold: units.available + units.reserved + units.sold,
      loaded: units.received + units.adjusted,
    },
  };
}
