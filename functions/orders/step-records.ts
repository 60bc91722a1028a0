/**
 * What the steps of an order's saga have left behind, read where they keep it: an operator's word
 * is compared with it.
 */
import type { StockItems } from "#services/inventory/ports";
import type { StepRecords } from "#services/orders/ports";
import type { PaymentStep, PaymentSteps } from "#services/payments/ports";

export type StepRecordsPorts = {
  readonly steps: Pick<PaymentSteps, "read">;
  readonly stock: Pick<StockItems, "hold">;
};

type Records = Awaited<ReturnType<StepRecords["read"]>>;

/** Errors: the stores'. */
export const stepRecords = ({ steps, stock }: StepRecordsPorts): StepRecords => ({
  async read(orderId) {
    const [authorise, capture, hold] = await Promise.all([
      steps.read({ orderId, step: "authorise" }),
      steps.read({ orderId, step: "capture" }),
      stock.hold({ of: "order", id: orderId }),
    ]);
    return {
      payment: paymentOf(authorise?.step, capture?.step),
      stock: stockOf(hold?.status),
    };
  },
});

function paymentOf(
  authorise: PaymentStep | undefined,
  capture: PaymentStep | undefined,
): Records["payment"] {
  if (capture?.kind === "done" && capture.status === "captured") {
    return { status: "captured", paymentId: capture.paymentId };
  }
  if (capture?.kind === "intent") return { status: "unknown" };
  switch (authorise?.kind) {
    case undefined:
      return { status: "none" };
    case "intent":
      return { status: "unknown" };
    case "tombstone":
      return { status: authorise.settled ? "undone" : "unknown" };
    case "done":
      return { status: authorise.status === "declined" ? "undone" : "authorised" };
  }
}

function stockOf(status: string | undefined): Records["stock"] {
  if (status === undefined) return "none";
  return status === "released" || status === "expired" ? "released" : "held";
}
