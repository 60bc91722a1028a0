/**
 * Pays back a part or all of what was taken for an order: once for each refund id, and never more
 * in sum than was captured. The sum is promised on the capture's own record before the provider is
 * asked, and given back only when the refund is known to have been refused:
 *
 *     capture   refunding +sum ........................ kept for good | -sum
 *     refund    intent -> provider -> done                            | refused: tombstone
 *                    `-> refused, while an earlier request may land: wait for its deadline, look up
 *
 * Each of these columns is one transaction.
 */
import type { RefundAnswer } from "#contracts/saga";
import { Failure, isFailure } from "#kernel/failure";
import { type EpochMs, later } from "#kernel/units";
import {
  contended,
  lookUp,
  type PaymentPorts,
  pending,
  providerKey,
  sendOrLookUp,
  WRITE_TRIES_MAX,
} from "./external-step.ts";
import { refundMovement } from "./ledger.ts";
import type { PaymentStep, StepKey, StepName, VersionedStep } from "./ports.ts";

export type RefundPayment = {
  readonly orderId: string;
  /** Whoever asks gives it; a repetition has the same. */
  readonly refundId: string;
  /** Minor units, from 1. */
  readonly amount: number;
  readonly currency: string;
};

type Done = Extract<PaymentStep, { readonly kind: "done" }>;
type Intent = Extract<PaymentStep, { readonly kind: "intent" }>;
type Captured = { readonly step: Done; readonly version: number };

/**
 * Errors: `Failure` `payment-refused` (reject: nothing has been paid back), `conflict` (reject: the
 * id belongs to another refund), `outcome-pending` (retry), `conflict` (retry), and the provider's
 * and the store's.
 */
export async function refundPayment(
  ports: PaymentPorts,
  request: RefundPayment,
  now: EpochMs,
): Promise<RefundAnswer> {
  const key = keyOf(request);
  for (let tries = 0; tries < WRITE_TRIES_MAX; tries += 1) {
    const done = await attempt(ports, request, await ports.steps.read(key), now);
    if (done !== "overtaken") return { refundId: request.refundId, paymentId: done.paymentId };
  }
  throw contended(key);
}

/** Goes on from what is there; `overtaken` when another attempt wrote first. */
async function attempt(
  ports: PaymentPorts,
  request: RefundPayment,
  found: VersionedStep | undefined,
  now: EpochMs,
): Promise<Done | "overtaken"> {
  if (found === undefined) return await begin(ports, request, now);
  const { step, version } = found;
  switch (step.kind) {
    case "intent":
      refuseOther(request, step);
      return await goOn(ports, request, { intent: step, version }, now);
    case "done":
      refuseOther(request, step);
      return step;
    case "tombstone":
      throw refused(request, "it was refused before; another refund needs an id of its own");
    default:
      return step satisfies never;
  }
}

async function begin(
  ports: PaymentPorts,
  request: RefundPayment,
  now: EpochMs,
): Promise<Done | "overtaken"> {
  const capture = await captured(ports, request);
  // Whoever has promised the sum meanwhile may be a twin of this attempt: its intent is there too.
  if ((await ports.steps.read(keyOf(request))) !== undefined) return "overtaken";
  refuseTooMuch(request, capture.step);
  const intent = intentOf(ports, request, now);
  const promised = besideCapture(capture, request.amount);
  if (!(await ports.steps.write(keyOf(request), intent, 0, promised))) return "overtaken";
  return await send(ports, request, capture, { version: 1, now });
}

/** An attempt before this one has asked the provider, or was about to. */
async function goOn(
  ports: PaymentPorts,
  request: RefundPayment,
  { intent, version }: { readonly intent: Intent; readonly version: number },
  now: EpochMs,
): Promise<Done | "overtaken"> {
  const key = providerKeyOf(request);
  const capture = await captured(ports, request);
  const { paymentId } = capture.step;
  const landed = await lookUp(ports, key);
  if (landed !== undefined) return await recordRefund(ports, request, { paymentId, version }, now);
  if (intent.isRefused === true) {
    if (now <= intent.deadline) throw pending(key);
    return await giveBack(ports, request, version, "the provider refuses it");
  }
  const deadline = Math.max(intentOf(ports, request, now).deadline, intent.deadline) as EpochMs;
  const again: Intent = { ...intent, deadline };
  if (!(await ports.steps.write(keyOf(request), again, version))) return "overtaken";
  return await send(ports, request, capture, { version: version + 1, now, earlier: intent });
}

type Sending = {
  /** Of the intent that this attempt has written. */
  readonly version: number;
  readonly now: EpochMs;
  /** Of an attempt whose request may still be under way. */
  readonly earlier?: Intent;
};

async function send(
  ports: PaymentPorts,
  request: RefundPayment,
  { step: { paymentId } }: Captured,
  { version, now, earlier }: Sending,
): Promise<Done | "overtaken"> {
  const { amount } = request;
  try {
    await sendOrLookUp(ports, {
      key: keyOf(request),
      send: (key) => ports.provider.refund({ paymentId, amount, key }),
    });
  } catch (error) {
    if (!isFailure(error) || error.code !== "provider-refused") throw error;
    if (earlier === undefined) return await giveBack(ports, request, version, error.message);
    const waiting: Intent = { ...earlier, isRefused: true };
    if (!(await ports.steps.write(keyOf(request), waiting, version))) return "overtaken";
    throw pending(providerKeyOf(request), error);
  }
  return await recordRefund(ports, request, { paymentId, version }, now);
}

/** The provider has paid it back: record and ledger say so together. */
export async function recordRefund(
  { steps }: Pick<PaymentPorts, "steps">,
  request: RefundPayment,
  { paymentId, version }: { readonly paymentId: string; readonly version: number },
  at: EpochMs,
): Promise<Done | "overtaken"> {
  const { orderId, refundId, amount, currency } = request;
  const done: Done = { kind: "done", paymentId, status: "captured", amount, currency };
  const movement = refundMovement(refundId, { orderId, paymentId, amount, currency, at });
  return (await steps.write(keyOf(request), done, version, { movement })) ? done : "overtaken";
}

/** The refund is buried and its sum free again. */
async function giveBack(
  ports: PaymentPorts,
  request: RefundPayment,
  version: number,
  why: string,
): Promise<"overtaken"> {
  const tombstone: PaymentStep = { kind: "tombstone", settled: true };
  const capture = await captured(ports, request);
  const freed = besideCapture(capture, -request.amount);
  if (!(await ports.steps.write(keyOf(request), tombstone, version, freed))) return "overtaken";
  throw refused(request, why);
}

/** Errors: `Failure` `payment-refused` (reject), `outcome-pending` (retry: a capture under way). */
async function captured({ steps }: PaymentPorts, request: RefundPayment): Promise<Captured> {
  const { orderId } = request;
  const found = await steps.read({ orderId, step: "capture" });
  if (found?.step.kind === "intent") throw pending(providerKey(orderId, "capture"));
  if (found?.step.kind === "done" && found.step.status === "captured") {
    return { step: found.step, version: found.version };
  }
  throw refused(request, "nothing has been captured");
}

function refuseTooMuch(request: RefundPayment, capture: Done): void {
  const { amount, currency } = request;
  const left = capture.amount - (capture.refunding ?? 0);
  const isWhole = Number.isSafeInteger(amount) && amount >= 1;
  if (currency === capture.currency && isWhole && amount <= left) return;
  throw refused(request, `${left} ${capture.currency} are left of what was captured`);
}

function refuseOther(request: RefundPayment, { amount, currency }: Intent | Done): void {
  if (request.amount === amount && request.currency === currency) return;
  throw new Failure(
    "conflict",
    "reject",
    `Refund ${request.refundId} of order ${request.orderId} is one of ${amount} ${currency}.`,
  );
}

const besideCapture = ({ step, version }: Captured, amount: number) => ({
  step: {
    name: "capture" as const,
    step: { ...step, refunding: (step.refunding ?? 0) + amount },
    version,
  },
});

const intentOf = (
  { intentLasting }: PaymentPorts,
  { amount, currency }: RefundPayment,
  now: EpochMs,
): Intent => ({ kind: "intent", deadline: later(now, intentLasting), amount, currency });

const stepOf = ({ refundId }: RefundPayment): StepName => `refund:${refundId}`;

const keyOf = (request: RefundPayment): StepKey => ({
  orderId: request.orderId,
  step: stepOf(request),
});

const providerKeyOf = (request: RefundPayment): string =>
  providerKey(request.orderId, stepOf(request));

const refused = ({ refundId, orderId, amount, currency }: RefundPayment, why: string): Failure =>
  new Failure(
    "payment-refused",
    "reject",
    `Refund ${refundId} of ${amount} ${currency} for order ${orderId} is refused: ${why}.`,
  );
