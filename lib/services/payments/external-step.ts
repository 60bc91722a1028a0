/**
 * One step at the payment provider, carried out so that money moves at most once whatever is lost
 * or repeated: an intent with a deadline is written first, an unknown outcome is looked up by the
 * step's key, and the result is recorded only over the version it belongs to.
 *
 *     intent(version n) -> provider -> done(version n+1)
 *        ^ a tombstone written in between makes the last write fail: the step is cancelled
 *
 * A refused write reads what is there and goes on from it.
 */
import { METRICS, type MetricName } from "#contracts/metrics";
import { Failure, isFailure } from "#kernel/failure";
import { type DurationMs, type EpochMs, later } from "#kernel/units";
import type {
  PaymentProvider,
  PaymentStep,
  PaymentSteps,
  ProviderPayment,
  StepKey,
  StepName,
} from "./ports.ts";

export type PaymentPorts = {
  readonly provider: PaymentProvider;
  readonly steps: PaymentSteps;
  /**
   * From the start of a step until its request can have no effect any more: at least the
   * function's own timeout plus the longest that the provider works on a request.
   */
  readonly intentLasting: DurationMs;
  readonly count: (metric: MetricName) => void;
};

export type ExternalStep = {
  readonly key: StepKey;
  readonly amount: number;
  readonly currency: string;
  /** Sends the request with the given idempotency key. */
  readonly send: (key: string) => Promise<ProviderPayment>;
};

type Done = Extract<PaymentStep, { readonly kind: "done" }>;
type Intent = Extract<PaymentStep, { readonly kind: "intent" }>;

/** Of reading and writing one step, when another attempt of the same step keeps writing too. */
export const WRITE_TRIES_MAX = 5;

export const providerKey = (orderId: string, step: StepName | "void"): string =>
  `${orderId}:${step}`;

/**
 * Answers the step's result, the first one when it has been carried out before.
 * Errors: `Failure` `step-cancelled` (reject: compensated), `outcome-pending` (retry: sent, but
 * nothing is known of it), `conflict` (retry), and the provider's and the store's.
 */
export async function carryOut(
  ports: PaymentPorts,
  step: ExternalStep,
  now: EpochMs,
): Promise<Done> {
  for (let tries = 0; tries < WRITE_TRIES_MAX; tries += 1) {
    // Nearly always nothing is there yet: the first write finds out without a read before it.
    const found = tries === 0 ? undefined : await ports.steps.read(step.key);
    const version = found?.version ?? 0;
    const present = found?.step;
    if (present?.kind === "done") return present;
    if (present?.kind === "tombstone") throw cancelled(step.key);
    if (present !== undefined) {
      const landed = await lookUp(ports, providerKey(step.key.orderId, step.key.step));
      if (landed !== undefined) return await record(ports, step.key, landed, version);
    }
    const intent = intentOf(ports, step, present, now);
    if (!(await ports.steps.write(step.key, intent, version))) continue;
    const payment = await sendOrLookUp(ports, step);
    return await record(ports, step.key, payment, version + 1);
  }
  throw contended(step.key);
}

/**
 * What became of a request whose answer is not known.
 * Errors: `Failure` `outcome-pending` (retry) when the provider does not tell.
 */
export async function lookUp(
  { provider, count }: PaymentPorts,
  key: string,
): Promise<ProviderPayment | undefined> {
  count(METRICS.paymentLookups);
  try {
    return await provider.lookup(key);
  } catch (error) {
    if (isFailure(error) && error.action === "retry") throw pending(key, error);
    throw error;
  }
}

export const pending = (key: string, cause?: unknown): Failure =>
  new Failure(
    "outcome-pending",
    "retry",
    `The provider may still carry out ${key}; ask again after the step's deadline.`,
    { cause },
  );

export const contended = ({ orderId, step }: StepKey): Failure =>
  new Failure(
    "conflict",
    "retry",
    `Other attempts of ${orderId}:${step} wrote first ${WRITE_TRIES_MAX} times.`,
  );

/** A deadline only ever moves later: earlier requests of the same step may still be under way. */
function intentOf(
  { intentLasting }: PaymentPorts,
  { amount, currency }: ExternalStep,
  present: Intent | undefined,
  now: EpochMs,
): Intent {
  const deadline = Math.max(later(now, intentLasting), present?.deadline ?? 0) as EpochMs;
  return { kind: "intent", deadline, amount, currency };
}

export async function sendOrLookUp(
  ports: PaymentPorts,
  { key, send }: Pick<ExternalStep, "key" | "send">,
): Promise<ProviderPayment> {
  const idempotencyKey = providerKey(key.orderId, key.step);
  try {
    return await send(idempotencyKey);
  } catch (error) {
    if (!isFailure(error) || error.code !== "outcome-unknown") throw error;
    const landed = await lookUp(ports, idempotencyKey);
    if (landed === undefined) throw pending(idempotencyKey, error);
    return landed;
  }
}

/** Another attempt of the step may have written since; its result is the same, as its key is. */
async function record(
  { steps, count }: PaymentPorts,
  key: StepKey,
  { paymentId, status, amount, currency }: ProviderPayment,
  expectedVersion: number,
): Promise<Done> {
  const done: Done = { kind: "done", paymentId, status, amount, currency };
  let version = expectedVersion;
  for (let tries = 0; tries < WRITE_TRIES_MAX; tries += 1) {
    if (await steps.write(key, done, version)) {
      if (status === "declined") count(METRICS.paymentsDeclined);
      return done;
    }
    const found = await steps.read(key);
    if (found?.step.kind === "done") return found.step;
    if (found?.step.kind === "tombstone") throw cancelled(key);
    version = found?.version ?? 0;
  }
  throw contended(key);
}

const cancelled = ({ orderId, step }: StepKey): Failure =>
  new Failure(
    "step-cancelled",
    "reject",
    `The payment of order ${orderId} has been voided; a late ${step} is refused.`,
  );
