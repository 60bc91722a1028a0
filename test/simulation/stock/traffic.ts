/**
 * The buyers of a schedule, and the stock that they compete for.
 */
import type { Rng } from "#kernel/rng";
import type { FaultRates, FaultSwarm } from "#simulation/faults";
import type { ReservationLine } from "#services/inventory/ports";

export const BUYER_FAULTS = {
  /** Waits longer than its hold lasts before it commits. */
  "late-buyer": [0.05, 0.5],
  /** Is never heard of again. */
  "lost-buyer": [0.05, 0.4],
  /** Sends every step twice, at once. */
  "twin-steps": [0.05, 0.5],
  /** Its release overtakes what it undoes. */
  "early-release": [0.02, 0.3],
} as const satisfies FaultRates;

export type Buyer = {
  readonly orderId: string;
  /** Since the start. */
  readonly atMs: number;
  readonly lines: readonly ReservationLine[];
  /** From the moment that it reserves. */
  readonly holdMs: number;
  /** Between reserving and committing. */
  readonly thinksMs: number;
  /** After which it wants no more. */
  readonly ends: "ships" | "releases" | "meets-its-carrier" | "keeps" | "is-lost";
  readonly sendsTwins: boolean;
  readonly releasesEarly: boolean;
};

export type Correction = {
  readonly id: string;
  readonly atMs: number;
  readonly sku: string;
} & (
  | { readonly kind: "shards"; readonly shards: number }
  | { readonly kind: "adjust"; readonly delta: number }
  | { readonly kind: "receive"; readonly level: number }
);

export type Traffic = {
  readonly stock: Readonly<Record<string, number>>;
  readonly buyers: readonly Buyer[];
  readonly corrections: readonly Correction[];
};

const SKUS = ["chair", "lamp", "sofa"] as const;
const BUYERS_MIN = 10;
const BUYERS_MORE = 14;
const BUYING_MS = 40_000;
const ORDER_ID_LENGTH = 26;
/** `meets-its-carrier`: cancelled while its goods leave. */
const ENDS = ["ships", "ships", "releases", "meets-its-carrier", "keeps"] as const;

export function drawTraffic(rng: Rng, swarm: FaultSwarm): Traffic {
  const stock = Object.fromEntries(SKUS.map((sku) => [sku, 2 + rng.int(9)]));
  const buyers = Array.from({ length: BUYERS_MIN + rng.int(BUYERS_MORE) }, (_, index) =>
    drawBuyer(rng, swarm, index),
  );
  const corrections = Array.from({ length: 3 + rng.int(6) }, (_, index) =>
    drawCorrection(rng, index),
  );
  return { stock, buyers, corrections };
}

function drawBuyer(rng: Rng, swarm: FaultSwarm, index: number): Buyer {
  const first = rng.int(SKUS.length);
  const wanted = rng.int(3) === 0 ? [first, (first + 1) % SKUS.length] : [first];
  const holdMs = 8_000 + rng.int(12_000);
  const isStruck = (fault: keyof typeof BUYER_FAULTS): boolean => {
    if (!swarm.fires(fault)) return false;
    swarm.happened(fault);
    return true;
  };
  const isLate = isStruck("late-buyer");
  const drawn = ENDS[rng.int(ENDS.length)] ?? "ships";
  return {
    orderId: String(index).padStart(ORDER_ID_LENGTH, "0"),
    // Many at the same moment, so that they meet on the last units.
    atMs: rng.int(3) === 0 ? 1_000 : rng.int(BUYING_MS),
    lines: wanted.map((sku) => ({ sku: SKUS[sku] ?? "chair", quantity: 1 + rng.int(3) })),
    holdMs,
    thinksMs: isLate ? holdMs - 1_500 + rng.int(6_000) : rng.int(holdMs / 4),
    ends: isStruck("lost-buyer") ? "is-lost" : drawn,
    sendsTwins: isStruck("twin-steps"),
    releasesEarly: isStruck("early-release"),
  };
}

function drawCorrection(rng: Rng, index: number): Correction {
  const shared = {
    id: `correction-${index}`,
    // Also while many buy.
    atMs: rng.int(3) === 0 ? 900 + rng.int(200) : rng.int(BUYING_MS),
    sku: SKUS[rng.int(SKUS.length)] ?? "chair",
  };
  switch (rng.int(4)) {
    case 0:
      return {
        ...shared,
        kind: "adjust",
        delta: rng.int(2) === 0 ? 1 + rng.int(3) : -1 - rng.int(3),
      };
    case 1:
      return { ...shared, kind: "receive", level: 1 + rng.int(6) };
    default:
      return { ...shared, kind: "shards", shards: 1 + rng.int(5) };
  }
}
