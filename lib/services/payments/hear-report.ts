/**
 * What the provider says of a payment is a hint: where it says more than our books do, the provider
 * is asked, and what has happened under our own keys is recorded. A report that comes before our
 * own record waits in its queue until that has landed; by itself it moves and creates no money.
 */
import type { PaymentReported } from "#contracts/events/payment-events";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { agreeOn, type AgreePorts } from "./agree.ts";
import { beyondBooks, isUnknown } from "./compare.ts";
import { fileDifference, type FilingPorts } from "./file-difference.ts";

export type HearPorts = AgreePorts & FilingPorts;

/** `known`: our books said so before. `recorded`: they do now. `filed`: somebody has to look. */
export type Heard = "known" | "recorded" | "filed";

/**
 * Errors: `Failure` `outcome-pending` (retry: nothing of ours is recorded yet, or a step is under
 * way), and the ports'.
 */
export async function hearReport(
  ports: HearPorts,
  report: PaymentReported,
  now: EpochMs,
): Promise<Heard> {
  const { orderId } = report;
  const books = await ports.books.ofOrder(orderId);
  if (isUnknown(books)) throw early(report);
  if (beyondBooks(report, books).length === 0) return "known";
  const agreement = await agreeOn(ports, orderId, now, report);
  switch (agreement.kind) {
    case "agreed":
      return "recorded";
    case "under-way":
      throw early(report);
    case "differs":
      for (const difference of agreement.differences) {
        await fileDifference(ports, { orderId, difference }, now);
      }
      return "filed";
    default:
      return agreement satisfies never;
  }
}

const early = ({ orderId, paymentId, status }: PaymentReported): Failure =>
  new Failure(
    "outcome-pending",
    "retry",
    `Payment ${paymentId} of order ${orderId} is ${status} at the provider; our own record of it ` +
      "is awaited.",
  );
