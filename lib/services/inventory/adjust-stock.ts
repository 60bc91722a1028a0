/**
 * Corrects the stock of one SKU by a signed number of units. The adjustment's id follows from
 * caller, route and idempotency key, so the write itself refuses to happen twice.
 */
import { skuField } from "#contracts/http/fields";
import type { AdjustmentBody, AdjustmentView } from "#contracts/http/inventory";
import { Failure } from "#kernel/failure";
import { sha256Crockford26 } from "#kernel/hash";
import { type EpochMs, isoInstant } from "#kernel/units";
import type { Adjustment, StockAdjustments } from "./ports.ts";

export type AdjustStock = {
  readonly callerId: string;
  /** Part of the key's scope: one key may be used once on each route. */
  readonly route: string;
  readonly idempotencyKey: string;
  readonly sku: string;
  readonly body: AdjustmentBody;
  readonly now: EpochMs;
};

/**
 * Errors: `not-found` (reject) for a SKU that was never received; `out-of-stock` (reject);
 * `idempotency-key-reused` (reject) for a key that stands for another adjustment; the store's.
 */
export async function adjustStock(
  { adjustments }: { readonly adjustments: StockAdjustments },
  { callerId, route, idempotencyKey, sku, body, now }: AdjustStock,
): Promise<AdjustmentView> {
  if (!skuField.safeParse(sku).success) throw unknown();
  const id = sha256Crockford26(JSON.stringify([callerId, route, idempotencyKey]));
  const wanted: Adjustment = { id, sku, ...body, adjustedAt: now };
  const answer = await adjustments.adjust(wanted);
  switch (answer.kind) {
    case "recorded":
      return adjustmentViewOf(sameAs(wanted, answer.adjustment));
    case "unknown-sku":
      throw unknown();
    case "short":
      throw short(sku, -body.delta);
    default:
      return answer satisfies never;
  }
}

function sameAs(wanted: Adjustment, recorded: Adjustment): Adjustment {
  const isSame =
    recorded.sku === wanted.sku &&
    recorded.delta === wanted.delta &&
    recorded.reason === wanted.reason;
  if (isSame) return recorded;
  throw new Failure(
    "idempotency-key-reused",
    "reject",
    `This Idempotency-Key stands for an adjustment of ${recorded.sku} by ${recorded.delta}; ` +
      "use a new key for another one.",
  );
}

export const adjustmentViewOf = ({
  id,
  sku,
  delta,
  reason,
  adjustedAt,
}: Adjustment): AdjustmentView => ({
  adjustmentId: id,
  sku,
  delta,
  reason,
  adjustedAt: isoInstant(adjustedAt),
});

const unknown = (): Failure =>
  new Failure("not-found", "reject", "There is no stock record of such a SKU.");

function short(sku: string, units: number): Failure {
  const detail = `Fewer than ${units} units of ${sku} are available; count again, or take fewer.`;
  return new Failure("out-of-stock", "reject", detail, {
    details: [{ pointer: "/delta", sku, detail }],
  });
}
