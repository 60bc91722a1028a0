/**
 * What the tour buys: products and stock of its own, so that it takes nothing from the replayed
 * orders. The same in every run: a level is raised again, never lowered.
 */
import type { ImportProducts } from "#contracts/operator";
import { ORDER_REVIEW } from "#contracts/saga";
import { CURRENCY } from "../olist.ts";

export type TourProduct = {
  readonly sku: string;
  readonly title: string;
  /** Minor units; freight is charged for each unit. No total of them ends in 13 or 17. */
  readonly price: number;
  readonly freight: number;
};

export const CHAIR: TourProduct = {
  sku: "tour-rocking-chair",
  title: "Rosewood rocking chair",
  price: 45_900,
  freight: 3_100,
};

/** Somebody has to look at an order of these before anything is taken for it. */
const DEAR = ORDER_REVIEW.aboveAmount + 200_000;

export const PIANO: TourProduct = {
  sku: "tour-grand-piano",
  title: "Concert grand piano",
  price: DEAR,
  freight: 0,
};

export const ORGAN: TourProduct = {
  sku: "tour-church-organ",
  title: "Church organ",
  price: DEAR,
  freight: 0,
};

/** As somebody types it who looks for the chair. */
export const TYPED = "rosewod rocking chiar";

const ALL = [CHAIR, PIANO, ORGAN];
const UNITS_AT_LEAST = 20;

export const TOUR_PRODUCTS: ImportProducts["products"] = ALL.map((product) => ({
  ...product,
  currency: CURRENCY,
  category: "tour",
}));

export const TOUR_LEVELS: readonly (readonly [sku: string, available: number])[] = ALL.map(
  ({ sku }) => [sku, UNITS_AT_LEAST],
);
