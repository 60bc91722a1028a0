/**
 * The ledger's verification from outside: asks the operator's function part after part and adds up
 * what they answer.
 */
import { LambdaClient } from "@aws-sdk/client-lambda";
import { LEDGER_ORDERS_MAX, type LedgerPart, ledgerPart } from "#contracts/operator";
import { connection } from "./connection.ts";
import type { Outputs } from "./deploy.ts";
import { invoke } from "./load.ts";
import type { Target } from "./target.ts";

export type Ledger = Pick<LedgerPart, "movements" | "sums" | "faults">;

/** A part is 40 pages of 500 items. */
const PARTS_MAX = 100_000;

/** Throws Error with the function's own words when it fails. */
export async function verifiedLedger(
  target: Target,
  { VerifyLedgerFunction }: Pick<Outputs, "VerifyLedgerFunction">,
): Promise<Ledger> {
  const lambda = new LambdaClient(connection(target));
  const parts: LedgerPart[] = [];
  let cursor: string | undefined;
  for (let part = 0; part < PARTS_MAX; part += 1) {
    const answer = ledgerPart.parse(await invoke(lambda, VerifyLedgerFunction, { cursor }));
    parts.push(answer);
    if (answer.next === undefined) return added(parts);
    cursor = answer.next;
  }
  throw new Error(`The ledger has more than ${PARTS_MAX} parts.`);
}

/** The same of some orders alone. Throws Error with the function's own words when it fails. */
export async function ledgerOfOrders(
  target: Target,
  { VerifyLedgerFunction }: Pick<Outputs, "VerifyLedgerFunction">,
  orderIds: readonly string[],
): Promise<Ledger> {
  const lambda = new LambdaClient(connection(target));
  const parts: LedgerPart[] = [];
  for (let done = 0; done < orderIds.length; done += LEDGER_ORDERS_MAX) {
    const asked = { orderIds: orderIds.slice(done, done + LEDGER_ORDERS_MAX) };
    parts.push(ledgerPart.parse(await invoke(lambda, VerifyLedgerFunction, asked)));
  }
  return added(parts);
}

/** Every movement is balanced, and agrees with the step that made it. */
export const isBalanced = ({ sums, faults }: Ledger): boolean =>
  faults.length === 0 && sums.every(({ provider, orders }) => provider + orders === 0);

export function added(parts: readonly Ledger[]): Ledger {
  const sums = new Map<string, Ledger["sums"][number]>();
  for (const sum of parts.flatMap((part) => part.sums)) {
    const before = sums.get(sum.currency);
    sums.set(sum.currency, {
      currency: sum.currency,
      captured: sum.captured + (before?.captured ?? 0),
      refunded: sum.refunded + (before?.refunded ?? 0),
      provider: sum.provider + (before?.provider ?? 0),
      orders: sum.orders + (before?.orders ?? 0),
    });
  }
  // An order whose items are on two pages may be named by both.
  const faults = new Map(
    parts.flatMap((part) => part.faults).map((fault) => [fault.orderId, fault]),
  );
  return {
    movements: parts.reduce((count, part) => count + part.movements, 0),
    sums: [...sums.values()],
    faults: [...faults.values()],
  };
}
