/**
 * Brings an order's books up to what the provider has done: outcomes that nobody has recorded are
 * looked up by their own keys. It only records; nothing is ever asked for, so no money can move by
 * it.
 */
import { isFailure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { capturedBy } from "./capture-payment.ts";
import { faultsIn } from "./check-books.ts";
import { beyondBooks, beyondProvider, isUnderWay } from "./compare.ts";
import { lookUp, type PaymentPorts, providerKey, record } from "./external-step.ts";
import type { Books, OrderBooks, PaymentStep, ProviderPayment } from "./ports.ts";
import { recordRefund } from "./refund-payment.ts";

export type AgreePorts = Pick<PaymentPorts, "provider" | "steps" | "count"> & {
  readonly books: Books;
};

export type Agreement =
  | { readonly kind: "agreed" }
  /** A step is between its intent and its record: look again later. */
  | { readonly kind: "under-way" }
  | { readonly kind: "differs"; readonly differences: readonly string[] };

/**
 * @param listed another payment that the provider has for the order than the one under its key
 * Errors: `Failure` `outcome-pending` (retry) when the provider does not tell; the books'.
 */
export async function agreeOn(
  ports: AgreePorts,
  orderId: string,
  now: EpochMs,
  listed?: ProviderPayment,
): Promise<Agreement> {
  await recordWhatLanded(ports, await ports.books.ofOrder(orderId), now);
  const before = await ports.books.ofOrder(orderId);
  const payment = await lookUp(ports, providerKey(orderId, "authorise"));
  const other = listed?.paymentId === payment?.paymentId ? undefined : listed;
  const found = [payment, other].filter((one) => one !== undefined);
  const differences = (after: OrderBooks): readonly string[] => [
    ...found.flatMap((one) => beyondBooks(one, after)),
    ...beyondProvider(payment, before),
    ...faultsIn(after),
  ];
  if (differences(before).length === 0) return { kind: "agreed" };
  // What the provider has done since the first look has its intent in the books by now.
  const after = await ports.books.ofOrder(orderId);
  const left = differences(after);
  if (left.length === 0) return { kind: "agreed" };
  return isUnderWay(after, now) ? { kind: "under-way" } : { kind: "differs", differences: left };
}

async function recordWhatLanded(
  ports: AgreePorts,
  { orderId, steps }: OrderBooks,
  now: EpochMs,
): Promise<void> {
  for (const { name, step, version } of steps) {
    if (step.kind !== "intent") continue;
    const landed = await lookUp(ports, providerKey(orderId, name));
    if (landed !== undefined) {
      await recordLanded(ports, { orderId, name, step, version }, landed, now).catch(ifCancelled);
    }
  }
}

type IntentOf = {
  readonly orderId: string;
  readonly name: OrderBooks["steps"][number]["name"];
  readonly step: Extract<PaymentStep, { readonly kind: "intent" }>;
  readonly version: number;
};

async function recordLanded(
  ports: AgreePorts,
  { orderId, name, step, version }: IntentOf,
  landed: ProviderPayment,
  now: EpochMs,
): Promise<void> {
  const key = { orderId, step: name };
  if (name === "authorise" || name === "capture") {
    const movementOf = name === "capture" ? { movementOf: capturedBy(orderId, now) } : {};
    await record(ports, { key, ...movementOf }, landed, version);
    return;
  }
  const refundId = name.slice("refund:".length);
  const { amount, currency } = step;
  const { paymentId } = landed;
  await recordRefund(ports, { orderId, refundId, amount, currency }, { paymentId, version }, now);
}

/** Undone meanwhile: whoever undoes it finds what has landed. */
function ifCancelled(error: unknown): void {
  if (!isFailure(error) || error.code !== "step-cancelled") throw error;
}
