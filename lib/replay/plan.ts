/**
 * Everything that a replay will do, drawn from the file and a seed before anything is sent: the
 * same seed, file and rates give the same plan on every machine.
 */
import { Failure } from "#kernel/failure";
import { type Rng, seededRng, shuffled } from "#kernel/rng";
import type { MinorUnits } from "#kernel/units";
import { drawBasket, drawDeclinedBasket, isDeclined, type PricedLine, totalOf } from "./basket.ts";
import {
  drawSendings,
  type Report,
  reportsOf,
  type Sending,
  type SendingRates,
  stepsOf,
} from "./fulfilment.ts";
import type { Catalogue, FileOrder } from "./olist.ts";
import { drawPoisoned, type Poison, withPoison } from "./poison.ts";

export type PlannedOrder = {
  readonly source: FileOrder;
  readonly lines: readonly PricedLine[];
  readonly total: MinorUnits;
  /**
   * How often and how the order is placed: once, twice one after the other, or twice at the same
   * time.
   */
  readonly placing: "once" | "again" | "twins";
  /** In the sender's order. */
  readonly reports: readonly Report[];
  /** One of the reports, which can never be applied. */
  readonly poison?: Poison;
  readonly sendings: readonly Sending[];
};

export type PlanOptions = SendingRates & {
  readonly orders: readonly FileOrder[];
  readonly catalogue: Catalogue;
  readonly seed: number;
  /** Orders that get a report which can never be applied. Default 0. */
  readonly poison?: number;
};

/** One order in so many is drawn to a total that the provider declines; at least one. */
const ORDERS_PER_DECLINED = 50;

/** Throws `Failure` `invalid-request` (reject) where the catalogue allows no such orders. */
export function planReplay(options: PlanOptions): readonly PlannedOrder[] {
  const { orders, seed } = options;
  if (orders.length === 0) {
    throw new Failure(
      "invalid-request",
      "reject",
      "There are no orders to replay: choose one or more.",
    );
  }
  const rng = seededRng(seed);
  const declined = drawDeclined(orders.length, rng.fork("declined"));
  const bought = orders.map((source, index) => {
    const draw = declined.has(index) ? drawDeclinedBasket : drawBasket;
    const lines = draw(options.catalogue, rngOf(rng, source).fork("basket"));
    return { source, lines, total: totalOf(lines) };
  });
  const candidates = bought.map(({ source, total }) => !isDeclined(total) && hasStep(source));
  const poisoned = drawPoisoned(options.poison ?? 0, candidates, rng.fork("poison"));
  return bought.map((order, index) => planOrder(order, poisoned.has(index), options, rng));
}

const rngOf = (rng: Rng, { externalReference }: FileOrder): Rng =>
  rng.fork(`order/${externalReference}`);

const hasStep = (source: FileOrder): boolean => stepsOf(source).length > 0;

/** Units of each SKU that all orders together ask for. */
export function unitsBySku(orders: readonly PlannedOrder[]): ReadonlyMap<string, number> {
  const units = new Map<string, number>();
  for (const { sku, quantity } of orders.flatMap(({ lines }) => lines)) {
    units.set(sku, (units.get(sku) ?? 0) + quantity);
  }
  return units;
}

function drawDeclined(count: number, rng: Rng): ReadonlySet<number> {
  const wanted = Math.max(1, Math.ceil(count / ORDERS_PER_DECLINED));
  const indexes = Array.from({ length: count }, (_, index) => index);
  return new Set(shuffled(indexes, rng).slice(0, wanted));
}

function planOrder(
  bought: Pick<PlannedOrder, "source" | "lines" | "total">,
  isPoisoned: boolean,
  options: PlanOptions,
  ofAll: Rng,
): PlannedOrder {
  const { source } = bought;
  const rng = rngOf(ofAll, source);
  const right = reportsOf(source);
  const said = isPoisoned ? withPoison(source, right, rng.fork("poison")) : { reports: right };
  return {
    ...bought,
    ...said,
    placing: drawPlacing(options.duplicates, rng.fork("placing")),
    sendings: drawSendings(said.reports, options, rng.fork("sendings")),
  };
}

function drawPlacing(duplicates: number, rng: Rng): PlannedOrder["placing"] {
  if (rng.next() >= duplicates) return "once";
  return rng.next() < 0.5 ? "twins" : "again";
}
