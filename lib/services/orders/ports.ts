/**
 * What the orders service needs from outside.
 */
import type { EpochMs } from "#kernel/units";
import type { AppendAnswer, Commit, EventStore, Head } from "#messaging";
import type { StreamTails, WithSnapshot } from "#contracts/snapshot";
import type { Cart } from "./domain/cart.ts";
import type { OrderListItem } from "#contracts/http/orders";
import type { Run } from "./domain/runs.ts";

export type { Run } from "./domain/runs.ts";

export type CataloguePrice = {
  readonly sku: string;
  readonly currency: string;
  /** Minor units. */
  readonly price: number;
  readonly freight: number;
};

/**
 * Prices as the catalogue has them now. Contract: one batch read for at most 100 SKUs; unknown SKUs
 * are absent from the answer. Errors: `store-throttled` (retry).
 */
export type Catalogue = {
  prices(skus: readonly string[]): Promise<ReadonlyMap<string, CataloguePrice>>;
};

/**
 * Contract: `read` is one strongly consistent read and judges no expiry. `create` writes one item
 * unless a cart of that id is alive at `now`, and answers the one that stands there. `replace`
 * writes each cart over its version before this one, all or none; false: one is not that version.
 * Errors: `store-throttled`, `store-unavailable`, `outcome-unknown` (retry).
 */
export type CartStore = {
  read(cartId: string): Promise<Cart | undefined>;
  create(cart: Cart, now: EpochMs): Promise<Cart>;
  replace(cart: Cart, ...others: readonly Cart[]): Promise<boolean>;
};

/** Everything in one order's partition. */
export type OrderRecord = {
  readonly commits: readonly Commit[];
  /** The head of the fulfilment consumer; absent until the first report. */
  readonly fulfilment: Head | undefined;
};

/**
 * Contract: `read` is one strongly consistent query of one partition (bounded pages). Unknown: no
 * commits.
 */
export type OrderRecords = {
  read(orderId: string): Promise<OrderRecord>;
};

/** One that may carry what the order is after it. */
export type OrderCommit = Commit & WithSnapshot;

/** One without tails is read whole. */
export type OrderStore = EventStore & Partial<StreamTails<Commit>>;

/** What is written together with an order's first commit, or not at all. */
export type PlacedBeside = {
  /** Becomes this order's; it names one order of its customer at most. */
  readonly reference?: { readonly customerId: string; readonly text: string } | undefined;
  /** Becomes ordered, if it is still of this version. */
  readonly cart?: { readonly cartId: string; readonly version: number } | undefined;
};

export type PlacementAnswer =
  | AppendAnswer
  | { readonly kind: "reference-taken"; readonly orderId: string }
  | { readonly kind: "cart-changed" };

/**
 * Contract: `begin` is one write request, all or nothing; of several answers it gives the first of
 * `exists`, `cart-changed`, `reference-taken`. `read` is the order store's. Errors: as
 * `EventStore.append`.
 */
export type OrderPlacements = Pick<EventStore, "read"> & {
  begin(first: Commit, beside: PlacedBeside): Promise<PlacementAnswer>;
};

export type OrderListRequest = {
  readonly customerId: string;
  readonly limit: number;
  /** Orders of this status alone. */
  readonly status?: OrderListItem["status"];
  /** Placed at this instant or later; as `isoInstant` writes it. */
  readonly placedFrom?: string;
  /** The position after which the page starts; opaque to callers. */
  readonly after?: string;
};

/**
 * Contract: newest first by `placedAt#orderId`, one query for a page, whatever narrows it;
 * eventually consistent (a projection behind a FIFO queue).
 */
export type OrderList = {
  page(request: OrderListRequest): Promise<{
    readonly orders: readonly OrderListItem[];
    readonly next: string | undefined;
  }>;
};

export type SagaStart =
  /** A run of that name is under way, begun at that time. */
  | { readonly kind: "running"; readonly since: EpochMs }
  | { readonly kind: "succeeded" }
  /** A run of that name ended otherwise: an operator has to look. */
  | { readonly kind: "needs-attention"; readonly status: string };

/** Contract: idempotent by the run's name. Errors: `store-unavailable` (retry). */
export type SagaStarter = {
  start(run: Run): Promise<SagaStart>;
};

/**
 * The callbacks of runs that wait for an order's review; each attempt of the waiting state has its
 * own. Who has one can end the state: they are in no log, event or answer.
 * Errors: `store-throttled` (retry), `outcome-unknown` (all may simply be repeated).
 */
export type ReviewTokens = {
  keep(orderId: string, token: string): Promise<void>;
  /** Those kept, at most a hundred; strongly consistent. */
  of(orderId: string): Promise<readonly string[]>;
  drop(orderId: string, token: string): Promise<void>;
};

/** `gone`: nobody waits with it any more. Errors: `store-unavailable` (retry). */
export type SagaCallbacks = {
  wake(token: string): Promise<"woken" | "gone">;
};

export type WatchedOrder = { readonly orderId: string; readonly since: EpochMs };

/** The oldest first; behind the orders by as much as their list is. */
export type OrderWatch = {
  /** Orders that nobody has ended and that should have by `until`. */
  overdue(until: EpochMs, limit: number): Promise<readonly WatchedOrder[]>;
  /** Orders of which something has ended badly or takes too long. */
  stuck(limit: number): Promise<readonly WatchedOrder[]>;
};

/** What the steps of an order's saga have left behind. */
export type StepRecords = {
  read(orderId: string): Promise<{
    /** `unknown`: something was asked of the provider whose end is not known. */
    readonly payment:
      | { readonly status: "none" | "undone" | "authorised" | "unknown" }
      | { readonly status: "captured"; readonly paymentId: string };
    readonly stock: "none" | "held" | "released";
  }>;
};
