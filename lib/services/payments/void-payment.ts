/**
 * Undoes the payment of an order, whatever became of it: the order saga's compensation.
 * Tombstones first, so that no late step begins; then the provider is asked what did happen, and
 * what is found is voided.
 *
 *     authorise:  intent ......... deadline        a request may land anywhere before the deadline,
 *     void:          tombstone  look up ... look up   so nothing found counts only after it
 *
 * A capture needs no such waiting: the provider itself refuses to capture what is voided, and to
 * void what is captured. Then the tombstones give way to what happened.
 */
import { Failure, isFailure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import {
  contended,
  lookUp,
  type PaymentPorts,
  pending,
  providerKey,
  WRITE_TRIES_MAX,
} from "./external-step.ts";
import type {
  PaymentStep,
  PaymentSteps,
  ProviderPayment,
  RecordedPayment,
  StepKey,
} from "./ports.ts";

type Tombstone = Extract<PaymentStep, { readonly kind: "tombstone" }>;
type Done = Extract<PaymentStep, { readonly kind: "done" }>;

/**
 * Repeated, it changes nothing more.
 * Errors: `Failure` `outcome-pending` (retry: a request may still land), `provider-refused`
 * (reject: the money has been taken and would have to be paid back), and the provider's and the
 * store's.
 */
export async function voidPayment(
  ports: PaymentPorts,
  { orderId }: { readonly orderId: string },
  now: EpochMs,
): Promise<{ readonly orderId: string }> {
  const capture = await bury(ports.steps, { orderId, step: "capture" }, captureTombstone);
  if (capture.kind === "done") throw await keptPayment(ports.steps, orderId, capture);
  const key: StepKey = { orderId, step: "authorise" };
  const tombstone = await bury(ports.steps, key, authoriseTombstone);
  if (tombstone.settled) return { orderId };
  const paymentId = tombstone.paymentId ?? (await landedPayment(ports, orderId, tombstone, now));
  if (paymentId !== undefined) await voidAtProvider(ports, orderId, paymentId);
  await bury(ports.steps, key, () => ({
    kind: "tombstone",
    ...(paymentId === undefined ? {} : { paymentId }),
    ...(tombstone.deadline === undefined ? {} : { deadline: tombstone.deadline }),
    settled: true,
  }));
  return { orderId };
}

/**
 * Replaces what is there by what follows from it, mostly a tombstone; the same answer when it was
 * there before.
 */
async function bury<Next extends PaymentStep>(
  steps: PaymentSteps,
  key: StepKey,
  following: (present: PaymentStep | undefined) => Next,
): Promise<Next> {
  for (let tries = 0; tries < WRITE_TRIES_MAX; tries += 1) {
    const found = await steps.read(key);
    const next = following(found?.step);
    if (next === found?.step || isSettled(found?.step)) return next;
    if (await steps.write(key, next, found?.version ?? 0)) return next;
  }
  throw contended(key);
}

const isSettled = (step: PaymentStep | undefined): boolean =>
  step?.kind === "tombstone" && step.settled;

/**
 * There is nothing to void about a capture: the authorisation's tombstone says how far the
 * undoing is. What has been captured stays.
 */
function captureTombstone(present: PaymentStep | undefined): Tombstone | Done {
  switch (present?.kind) {
    case undefined:
      return { kind: "tombstone", settled: true };
    case "intent":
      return { kind: "tombstone", deadline: present.deadline, settled: true };
    case "done":
    case "tombstone":
      return present;
    default:
      return present satisfies never;
  }
}

function authoriseTombstone(present: PaymentStep | undefined): Tombstone {
  switch (present?.kind) {
    case undefined:
      return { kind: "tombstone", settled: true };
    case "intent":
      return { kind: "tombstone", deadline: present.deadline, settled: false };
    case "done":
      return {
        kind: "tombstone",
        paymentId: present.paymentId,
        settled: present.status === "declined",
      };
    case "tombstone":
      return present;
    default:
      return present satisfies never;
  }
}

/**
 * The payment that an authorisation of unknown outcome has left behind; undefined when none ever
 * will be.
 */
async function landedPayment(
  ports: PaymentPorts,
  orderId: string,
  { deadline }: Tombstone,
  now: EpochMs,
): Promise<string | undefined> {
  const key = providerKey(orderId, "authorise");
  const payment = await lookUp(ports, key);
  if (payment !== undefined) return isGone(payment) ? undefined : payment.paymentId;
  if (deadline !== undefined && now <= deadline) throw pending(key);
  return undefined;
}

async function voidAtProvider(
  ports: PaymentPorts,
  orderId: string,
  paymentId: string,
): Promise<void> {
  const key = providerKey(orderId, "void");
  try {
    await ports.provider.void(paymentId, key);
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (error.code === "provider-refused") throw await refusal(ports, orderId, error);
    if (error.code !== "outcome-unknown") throw error;
    const found = await lookUp(ports, key);
    if (found === undefined || !isGone(found)) throw pending(key, error);
  }
}

/** A capture of unknown outcome may have come first: then the money has been taken. */
async function refusal(ports: PaymentPorts, orderId: string, refused: Failure): Promise<Failure> {
  const payment = await lookUp(ports, providerKey(orderId, "authorise"));
  if (payment?.status !== "captured") return refused;
  return await keptPayment(ports.steps, orderId, payment);
}

/**
 * What cannot be undone is recorded as done, over the tombstones: so the order's next run finds its
 * payment and goes on to the end. Answers why the void is refused.
 */
async function keptPayment(
  steps: PaymentSteps,
  orderId: string,
  { paymentId, status, amount, currency }: RecordedPayment,
): Promise<Failure> {
  const done = { kind: "done", paymentId, status, amount, currency } as const;
  // The capture's comes last: found done, it must not stand beside a buried authorisation.
  for (const step of ["authorise", "capture"] as const) {
    await redo(steps, { orderId, step }, done);
  }
  return captured(orderId, paymentId);
}

async function redo(steps: PaymentSteps, key: StepKey, done: PaymentStep): Promise<void> {
  for (let tries = 0; tries < WRITE_TRIES_MAX; tries += 1) {
    const found = await steps.read(key);
    if (found?.step.kind === "done") return;
    if (await steps.write(key, done, found?.version ?? 0)) return;
  }
  throw contended(key);
}

const isGone = ({ status }: ProviderPayment): boolean =>
  status === "voided" || status === "declined";

const captured = (orderId: string, paymentId: string): Failure =>
  new Failure(
    "provider-refused",
    "reject",
    `Payment ${paymentId} of order ${orderId} has been captured: it can only be paid back.`,
  );
