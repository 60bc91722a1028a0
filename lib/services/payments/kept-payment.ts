/**
 * A payment that was to be undone and cannot be, because its money has been taken: the records of
 * its undoing give way to what happened.
 */
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { capturedBy } from "./capture-payment.ts";
import { contended, WRITE_TRIES_MAX } from "./external-step.ts";
import type {
  Movement,
  PaymentStep,
  PaymentSteps,
  RecordedPayment,
  VersionedStep,
} from "./ports.ts";

type Done = Extract<PaymentStep, { readonly kind: "done" }>;

/**
 * What cannot be undone is recorded as done, over the tombstones: so the order's next run finds its
 * payment and goes on to the end. Answers why the void is refused.
 */
export async function keptPayment(
  steps: PaymentSteps,
  orderId: string,
  { paymentId, status, amount, currency }: RecordedPayment,
  now: EpochMs,
): Promise<Failure> {
  const payment = { paymentId, status, amount, currency };
  await redo(steps, orderId, { kind: "done", ...payment }, capturedBy(orderId, now)(payment));
  return captured(orderId, paymentId);
}

/** In one write where both are buried: no capture stands beside a buried authorisation. */
async function redo(
  steps: PaymentSteps,
  orderId: string,
  done: Done,
  movement: Movement | undefined,
): Promise<void> {
  for (let tries = 0; tries < WRITE_TRIES_MAX; tries += 1) {
    const { authorise, capture } = await readBoth(steps, orderId);
    const isAuthorised = authorise?.step.kind === "done";
    const isCaptured = capture?.step.kind === "done";
    if (isAuthorised && isCaptured) return;
    const again = { name: "authorise", step: done, version: authorise?.version ?? 0 } as const;
    const written = isCaptured
      ? await steps.write({ orderId, step: "authorise" }, done, again.version)
      : await steps.write({ orderId, step: "capture" }, done, capture?.version ?? 0, {
          ...(isAuthorised ? {} : { step: again }),
          ...(movement === undefined ? {} : { movement }),
        });
    if (written) return;
  }
  throw contended({ orderId, step: "capture" });
}

type Both = Readonly<Record<"authorise" | "capture", VersionedStep | undefined>>;

export async function readBoth(steps: PaymentSteps, orderId: string): Promise<Both> {
  const [authorise, capture] = await Promise.all([
    steps.read({ orderId, step: "authorise" }),
    steps.read({ orderId, step: "capture" }),
  ]);
  return { authorise, capture };
}

const captured = (orderId: string, paymentId: string): Failure =>
  new Failure(
    "provider-refused",
    "reject",
    `Payment ${paymentId} of order ${orderId} has been captured: it can only be paid back.`,
  );
