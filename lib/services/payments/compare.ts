/**
 * Where the provider and our books differ about a payment, in words for an operator. What the
 * provider says beyond our books may still be on its way to us; the other way round it cannot be.
 */
import type { OrderBooks, PaymentStep, ProviderPayment, RecordedPayment } from "./ports.ts";

/** None when everything that the provider says is recorded. */
export function beyondBooks(payment: ProviderPayment, books: OrderBooks): readonly string[] {
  const { paymentId, status } = payment;
  const authorise = stepIn(books, "authorise");
  const differences = [
    authorise?.kind === "done" ? otherThan(authorise, payment) : undefined,
    byStatus(payment, authorise, books)
      ? undefined
      : `payment ${paymentId} is ${status} at the provider, and here ${wordsFor(authorise)}`,
    payment.refunded > refundedIn(books)
      ? `${payment.refunded} of payment ${paymentId} are paid back at the provider, and here ` +
        `${refundedIn(books)}`
      : undefined,
  ];
  return differences.filter((difference) => difference !== undefined);
}

/** None when the provider knows of everything that is recorded. @param payment as it is now */
export function beyondProvider(
  payment: ProviderPayment | undefined,
  books: OrderBooks,
): readonly string[] {
  const capture = stepIn(books, "capture");
  const refunded = refundedIn(books);
  const isCaptured = capture?.kind === "done" && capture.status === "captured";
  const authorise = stepIn(books, "authorise");
  const differences = [
    authorise?.kind === "done" && payment === undefined
      ? `payment ${authorise.paymentId} is recorded here, and not known to the provider`
      : undefined,
    isCaptured && payment !== undefined && payment.status !== "captured"
      ? `payment ${capture.paymentId} is captured here, and ${payment.status} at the provider`
      : undefined,
    payment !== undefined && refunded > payment.refunded
      ? `${refunded} of payment ${payment.paymentId} are paid back here, and at the provider ` +
        `${payment.refunded}`
      : undefined,
  ];
  return differences.filter((difference) => difference !== undefined);
}

/** Somebody may be about to record what is missing. */
export const isUnderWay = ({ steps }: OrderBooks, now: number): boolean =>
  steps.some(
    ({ step }) =>
      (step.kind === "intent" && now <= step.deadline) ||
      (step.kind === "tombstone" && !step.settled),
  );

export const isUnknown = ({ steps }: OrderBooks): boolean => steps.length === 0;

function otherThan(done: RecordedPayment, payment: ProviderPayment): string | undefined {
  const same =
    done.paymentId === payment.paymentId &&
    done.amount === payment.amount &&
    done.currency === payment.currency;
  if (same) return undefined;
  return (
    `the provider has payment ${payment.paymentId} of ${payment.amount} ${payment.currency}, ` +
    `and here it is ${done.paymentId} of ${done.amount} ${done.currency}`
  );
}

/** Whether our record explains the status that the provider tells. */
function byStatus(
  { status }: ProviderPayment,
  authorise: PaymentStep | undefined,
  books: OrderBooks,
): boolean {
  const isDone = authorise?.kind === "done";
  const isBuried = authorise?.kind === "tombstone";
  const capture = stepIn(books, "capture");
  switch (status) {
    case "authorised":
      return isDone && authorise.status !== "declined";
    case "declined":
      return isBuried || (isDone && authorise.status === "declined");
    case "captured":
      return capture?.kind === "done" && capture.status === "captured";
    case "voided":
      return isBuried;
    default:
      return status satisfies never;
  }
}

const stepIn = ({ steps }: OrderBooks, name: string): PaymentStep | undefined =>
  steps.find((step) => step.name === name)?.step;

const refundedIn = ({ steps }: OrderBooks): number =>
  steps.reduce(
    (sum, { name, step }) =>
      name.startsWith("refund:") && step.kind === "done" ? sum + step.amount : sum,
    0,
  );

function wordsFor(step: PaymentStep | undefined): string {
  switch (step?.kind) {
    case undefined:
      return "nobody has asked for it";
    case "intent":
      return "its outcome is not recorded";
    case "done":
      return `recorded as ${step.status}`;
    case "tombstone":
      return "it has been undone";
    default:
      return step satisfies never;
  }
}
