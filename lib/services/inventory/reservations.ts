/**
 * Stock that a client holds for a while without an order. Its id follows from caller, route and
 * idempotency key, so the write itself refuses to happen twice; it is nobody else's business.
 */
import { orderIdField } from "#contracts/http/fields";
import type { ReservationBody, ReservationView } from "#contracts/http/inventory";
import { Failure } from "#kernel/failure";
import { sha256Crockford26 } from "#kernel/hash";
import { type EpochMs, isoInstant, later, parseInstant, seconds } from "#kernel/units";
import { releasedHold } from "./holds.ts";
import { mergedLines, shortOf } from "./lines.ts";
import type { Hold, HoldKey, ReservationLine, StockItems } from "./ports.ts";
import type { ShardedStock } from "./sharded-stock.ts";

/** No reservation holds longer. */
const RESERVATION_SECONDS_MAX = 86_400;

export type Reserving = {
  readonly stock: Pick<ShardedStock, "hold">;
  readonly items: StockItems;
};

export type MakeReservation = {
  readonly callerId: string;
  /** Part of the key's scope: one key may be used once on each route. */
  readonly route: string;
  readonly idempotencyKey: string;
  readonly body: ReservationBody;
  readonly now: EpochMs;
};

/**
 * Errors: `out-of-stock` (reject; names the SKUs); `invalid-request` (reject) for an end that has
 * passed or is more than a day away; `idempotency-key-reused` (reject) for a key that stands for
 * another reservation; the store's.
 */
export async function makeReservation(
  { stock, items }: Reserving,
  { callerId, route, idempotencyKey, body, now }: MakeReservation,
): Promise<ReservationView> {
  const id = sha256Crockford26(JSON.stringify([callerId, route, idempotencyKey]));
  const lines = mergedLines(body.lines);
  const expiresAt = parseInstant(body.expiresAt);
  if (expiresAt === undefined || expiresAt <= now || expiresAt > latest(now)) {
    // It was in bounds when it was made: a repetition has the same answer.
    const present = await items.hold({ of: "reservation", id });
    if (present === undefined || expiresAt === undefined) throw outOfBounds(now);
    return viewOf(sameAs(lines, expiresAt, present), now);
  }
  const answer = await stock.hold({ of: "reservation", id, lines, expiresAt, owner: callerId });
  switch (answer.kind) {
    case "held":
      return viewOf(answer.hold, now);
    case "exists":
      return viewOf(sameAs(lines, expiresAt, answer.hold), now);
    case "out-of-stock":
    case "scattered":
      throw shortOf(answer, body.lines);
    default:
      return answer satisfies never;
  }
}

export type OwnReservation = { readonly callerId: string; readonly id: string };

/** Errors: `not-found` (reject), also for somebody else's; the store's. */
export async function readReservation(
  items: StockItems,
  asked: OwnReservation,
  now: EpochMs,
): Promise<ReservationView> {
  return viewOf(await own(items, asked), now);
}

/** Gives back what it still holds; may be repeated. Errors: as reading's. */
export async function cancelReservation(
  items: StockItems,
  asked: OwnReservation,
  now: EpochMs,
): Promise<void> {
  await releasedHold(items, keyOf(await own(items, asked)), now);
}

async function own(items: StockItems, { callerId, id }: OwnReservation): Promise<Hold> {
  const isId = orderIdField.safeParse(id).success;
  const hold = isId ? await items.hold({ of: "reservation", id }) : undefined;
  if (hold !== undefined && hold.owner === callerId) return hold;
  throw new Failure("not-found", "reject", "You have no such reservation.");
}

const keyOf = ({ of, id }: Hold): HoldKey => ({ of, id });

const latest = (now: EpochMs): EpochMs => later(now, seconds(RESERVATION_SECONDS_MAX));

function sameAs(lines: readonly ReservationLine[], expiresAt: EpochMs, present: Hold): Hold {
  const wanted = new Map(lines.map(({ sku, quantity }) => [sku, quantity]));
  const standing = mergedLines(present.units);
  const isSame =
    present.expiresAt === expiresAt &&
    standing.length === wanted.size &&
    standing.every(({ sku, quantity }) => wanted.get(sku) === quantity);
  if (isSame) return present;
  throw new Failure(
    "idempotency-key-reused",
    "reject",
    "This Idempotency-Key stands for another reservation; use a new key.",
  );
}

/** Its end counts when it has come, not when the units are back. */
function viewOf({ id, status, units, expiresAt }: Hold, now: EpochMs): ReservationView {
  const isOver = status === "held" && expiresAt <= now;
  return {
    reservationId: id,
    status: isOver || status === "expired" ? "expired" : status === "held" ? "held" : "released",
    lines: [...mergedLines(units)],
    expiresAt: isoInstant(expiresAt),
  };
}

const outOfBounds = (now: EpochMs): Failure =>
  new Failure("invalid-request", "reject", "A reservation ends within a day.", {
    details: [
      {
        pointer: "/expiresAt",
        detail: `between ${isoInstant(now)} and ${isoInstant(latest(now))}`,
      },
    ],
  });
