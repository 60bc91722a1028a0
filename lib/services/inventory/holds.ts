/**
 * The life of a hold after its units were taken. Every step is one conditional write or
 * transaction, and may be repeated: the hold's own status says whether it has taken effect.
 *
 *     held --commit--> committed --ship--> shipped
 *       |                  |
 *       +-----release------+--> released      held --expire--> expired
 */
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type {
  HeldUnits,
  Hold,
  HoldKey,
  HoldStatus,
  StockItems,
  StockStore,
  StockWrite,
  UnitChange,
} from "./ports.ts";

/** Of a hold that is found changed since it was read. */
const TRIES_MAX = 5;

export async function committedHold(
  items: StockItems,
  key: HoldKey,
  now: EpochMs,
): Promise<"committed" | "not-held"> {
  const outcomes = await items.write([
    { kind: "hold-status", key, from: "held", to: "committed", now, expiry: "ahead" },
  ]);
  const status = outcomes?.[0]?.hold?.status;
  const isCommitted = outcomes === undefined || status === "committed" || status === "shipped";
  return isCommitted ? "committed" : "not-held";
}

export const shippedHold = (
  items: StockItems,
  key: HoldKey,
  now: EpochMs,
): Promise<"shipped" | "not-committed"> =>
  untilDecided(key, async () => {
    const hold = await items.hold(key);
    if (hold?.status === "shipped") return "shipped";
    if (hold?.status !== "committed") return "not-committed";
    const isDone = await moved(items, hold, { to: "shipped", now, unitsTo: gone });
    return isDone ? "shipped" : undefined;
  });

export const releasedHold = (
  items: StockItems,
  key: HoldKey,
  now: EpochMs,
): ReturnType<StockStore["release"]> =>
  untilDecided(key, async () => {
    const hold = await items.hold(key);
    if (hold === undefined) return (await buried(items, key, now)) ? "tombstone" : undefined;
    if (hold.status === "shipped") return "shipped";
    if (hold.status === "released" || hold.status === "expired") return "already-released";
    const isDone = await moved(items, hold, { to: "released", now, unitsTo: givenBack });
    return isDone ? "released" : undefined;
  });

/** `not-due`: its end is still to come, or somebody else has ended or committed it. */
export const expiredHold = (
  items: StockItems,
  key: HoldKey,
  now: EpochMs,
): Promise<"expired" | "not-due"> =>
  untilDecided(key, async () => {
    const hold = await items.hold(key);
    if (hold?.status !== "held" || hold.expiresAt > now) return "not-due";
    const isDone = await moved(items, hold, { to: "expired", now, unitsTo: givenBack });
    return isDone ? "expired" : undefined;
  });

async function untilDecided<Answer>(
  key: HoldKey,
  attempt: () => Promise<Answer | undefined>,
): Promise<Answer> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const answer = await attempt();
    if (answer !== undefined) return answer;
  }
  throw new Failure("conflict", "retry", `The hold of ${key.of} ${key.id} keeps changing.`);
}

/** The mark that refuses a hold which comes later. */
const buried = async (items: StockItems, key: HoldKey, now: EpochMs): Promise<boolean> =>
  (await items.write([
    { kind: "new-hold", hold: { ...key, status: "released", units: [], expiresAt: now } },
  ])) === undefined;

type Moving = {
  readonly to: HoldStatus;
  readonly now: EpochMs;
  readonly unitsTo: (quantity: number) => UnitChange;
};

/** False: the hold has another status by now. */
async function moved(
  items: StockItems,
  hold: Hold,
  { to, now, unitsTo }: Moving,
): Promise<boolean> {
  const { of, id, status: from, units } = hold;
  const expiry = to === "expired" ? "past" : "any";
  const unitWrite = ({ sku, shard, quantity }: HeldUnits): StockWrite => ({
    kind: "units",
    item: { sku, shard },
    change: unitsTo(quantity),
  });
  const outcomes = await items.write([
    { kind: "hold-status", key: { of, id }, from, to, now, expiry },
    ...units.map(unitWrite),
  ]);
  if (outcomes !== undefined && outcomes[0]?.isRefused !== true) throw unitsMissing(hold);
  return outcomes === undefined;
}

const givenBack = (quantity: number): UnitChange => ({ available: quantity, reserved: -quantity });

const gone = (quantity: number): UnitChange => ({ reserved: -quantity, sold: quantity });

/** Giving back more than is reserved would make stock out of nothing: somebody has to look. */
const unitsMissing = ({ of, id }: Hold): Failure =>
  new Failure(
    "unexpected",
    "halt",
    `The ${of} ${id} holds more units than its SKUs have reserved in all; count the stock.`,
  );
