/**
 * Undoes the payment of an order, whatever became of it: the order saga's compensation.
 * Tombstones first, both in one transaction, so that no late step begins; then the provider is
 * asked what did happen, what is found is voided, and that is the second and last write.
 *
 *     authorise:  intent ......... deadline        a request may land anywhere before the deadline,
 *     void:          tombstone  look up ... look up   so nothing found counts only after it
 *
 * A capture needs no such waiting: the provider itself refuses to capture what is voided, and to
 * void what is captured. Then the tombstones give way to what happened.
 */
import { type Failure, isFailure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import {
  contended,
  lookUp,
  type PaymentPorts,
  pending,
  providerKey,
  WRITE_TRIES_MAX,
} from "./external-step.ts";
import { keptPayment, readBoth } from "./kept-payment.ts";
import type {
  PaymentStep,
  PaymentSteps,
  ProviderPayment,
  StepKey,
  WrittenBeside,
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
  const { capture, authorise: tombstone } = await bury(ports.steps, orderId);
  if (capture.kind === "done") throw await keptPayment(ports.steps, orderId, capture, now);
  if (tombstone.settled) return { orderId };
  const paymentId = tombstone.paymentId ?? (await landedPayment(ports, orderId, tombstone, now));
  if (paymentId !== undefined) await voidAtProvider(ports, { orderId, paymentId }, now);
  await settle(ports.steps, orderId, {
    kind: "tombstone",
    ...(paymentId === undefined ? {} : { paymentId }),
    ...(tombstone.deadline === undefined ? {} : { deadline: tombstone.deadline }),
    settled: true,
  });
  return { orderId };
}

/**
 * Replaces what is there of both steps by their tombstones, or answers what was there before. What
 * has been captured is not buried.
 */
async function bury(
  steps: PaymentSteps,
  orderId: string,
): Promise<{ readonly capture: Tombstone | Done; readonly authorise: Tombstone }> {
  for (let tries = 0; tries < WRITE_TRIES_MAX; tries += 1) {
    const found = await readBoth(steps, orderId);
    const capture = captureTombstone(found.capture?.step);
    const authorise = authoriseTombstone(found.authorise?.step);
    const isBuried = authorise === found.authorise?.step && capture === found.capture?.step;
    if (isBuried || capture.kind === "done") return { capture, authorise };
    const beside: WrittenBeside = {
      step: { name: "capture", step: capture, version: found.capture?.version ?? 0 },
    };
    const key: StepKey = { orderId, step: "authorise" };
    if (await steps.write(key, authorise, found.authorise?.version ?? 0, beside)) {
      return { capture, authorise };
    }
  }
  throw contended({ orderId, step: "authorise" });
}

/** Whoever voids at the same time settles it in the same way. */
async function settle(steps: PaymentSteps, orderId: string, settled: Tombstone): Promise<void> {
  const key: StepKey = { orderId, step: "authorise" };
  for (let tries = 0; tries < WRITE_TRIES_MAX; tries += 1) {
    const found = await steps.read(key);
    if (found?.step.kind === "tombstone" && found.step.settled) return;
    if (await steps.write(key, settled, found?.version ?? 0)) return;
  }
  throw contended(key);
}

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
  { orderId, paymentId }: { readonly orderId: string; readonly paymentId: string },
  now: EpochMs,
): Promise<void> {
  const key = providerKey(orderId, "void");
  try {
    await ports.provider.void(paymentId, key);
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (error.code === "provider-refused") throw await refusal(ports, orderId, error, now);
    if (error.code !== "outcome-unknown") throw error;
    const found = await lookUp(ports, key);
    if (found === undefined || !isGone(found)) throw pending(key, error);
  }
}

/** A capture of unknown outcome may have come first: then the money has been taken. */
async function refusal(
  ports: PaymentPorts,
  orderId: string,
  refused: Failure,
  now: EpochMs,
): Promise<Failure> {
  const payment = await lookUp(ports, providerKey(orderId, "authorise"));
  if (payment?.status !== "captured") return refused;
  return await keptPayment(ports.steps, orderId, payment, now);
}

const isGone = ({ status }: ProviderPayment): boolean =>
  status === "voided" || status === "declined";
