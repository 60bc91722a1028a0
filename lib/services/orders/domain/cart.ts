/**
 * The rules of a cart. It is one replica of a set that merges: its versions number its adds, and
 * the version that a device has seen says which of them that device has observed. So what two
 * devices do at once is put together instead of refused, wherever it commutes. Pure.
 */
import { Failure } from "#kernel/failure";
import { type DurationMs, type EpochMs, later, milliseconds } from "#kernel/units";
import {
  type CartSet,
  dotName,
  emptySet,
  type Entry,
  merged,
  withEntry,
  without,
} from "./cart-set.ts";

/** As the catalogue had it when the item was put in. Minor units. */
export type PriceSnapshot = {
  readonly currency: string;
  readonly unitPrice: number;
  readonly unitFreight: number;
  readonly at: EpochMs;
};

export type CartItem = {
  readonly sku: string;
  readonly quantity: number;
  readonly price: PriceSnapshot;
};

/** Whose cart it is: a customer's, or of whoever knows its secret. */
export type CartOwner = { readonly customerId: string } | { readonly secretHash: string };

export type Cart = {
  readonly cartId: string;
  readonly owner: CartOwner;
  /** From 1; one more with every change. */
  readonly version: number;
  readonly items: CartSet<CartItem>;
  /** The version at which an entry came in by a merge, by its dot; for entries that are there. */
  readonly arrivals: Readonly<Record<string, number>>;
  /** `<key>.<payload>` of the adds that were made last: a repeated one finds itself here. */
  readonly recentAdds: readonly string[];
  readonly expiresAt: EpochMs;
  /** The order that was placed from it, written together with that order. */
  readonly orderId?: string | undefined;
  /** The cart that an anonymous one's items were given to. */
  readonly mergedInto?: string | undefined;
};

export const CART_LIMITS = {
  skus: 90,
  /** Units of one SKU. */
  quantity: 1000,
  /** Adds of one SKU that are kept apart; one more folds them into one. */
  entriesPerSku: 8,
  /** Carts that were ever merged into one. */
  replicas: 50,
  /** Adds by which a repetition is known. */
  recentAdds: 32,
} as const;

/** After its last change. */
export const CART_LASTS: DurationMs = milliseconds(30 * 86_400_000);

export const newCart = (cartId: string, owner: CartOwner, now: EpochMs): Cart => ({
  cartId,
  owner,
  version: 1,
  items: emptySet,
  arrivals: {},
  recentAdds: [],
  expiresAt: later(now, CART_LASTS),
});

/** One line for each SKU: all its units, and the price of its latest add. */
export function cartLines({ items }: Pick<Cart, "items">): readonly CartItem[] {
  const lines = new Map<string, CartItem>();
  for (const { item } of items.entries.toSorted(byAge)) {
    const earlier = lines.get(item.sku);
    lines.set(item.sku, { ...item, quantity: item.quantity + (earlier?.quantity ?? 0) });
  }
  return [...lines.values()];
}

const byAge = (one: Entry<CartItem>, other: Entry<CartItem>): number =>
  one.item.price.at - other.item.price.at || one.dot.number - other.dot.number;

/** What names an add: digests of its key and of what it adds. */
export type AddName = { readonly key: string; readonly payload: string };

/**
 * Adds commute with everything. The same cart where it is one of the recent adds. Throws `Failure`:
 * `cart-full`, `idempotency-key-reused` (reject).
 */
export function addItem(cart: Cart, item: CartItem, { key, payload }: AddName): Cart {
  const name = `${key}.${payload}`;
  const earlier = cart.recentAdds.find((recent) => recent.startsWith(`${key}.`));
  if (earlier === name) return cart;
  if (earlier !== undefined) throw reused();
  const ofSku = entriesOf(cart, item.sku);
  const folds = ofSku.length >= CART_LIMITS.entriesPerSku;
  const quantity = folds ? item.quantity + quantityOf(ofSku) : item.quantity;
  const rest = folds ? without(cart.items, isOf(item.sku)) : cart.items;
  return changed(
    cart,
    withEntry(rest, nextDot(cart), { ...item, quantity }),
    item.price.at,
    [...cart.recentAdds, name].slice(-CART_LIMITS.recentAdds),
  );
}

/**
 * Takes the place of what the device had seen of the SKU. Throws `Failure`: `not-found` (reject)
 * for a SKU that is not in it, `precondition-failed` (reject) where another change of the same SKU
 * came after `seenVersion`, `cart-full` (reject).
 */
export function setQuantity(cart: Cart, item: CartItem, seenVersion: number): Cart {
  const ofSku = entriesOf(cart, item.sku);
  if (quantityOf(ofSku) === item.quantity && samePrice(ofSku, item.price)) return cart;
  if (ofSku.length === 0 && seenVersion === cart.version) throw absent(item.sku);
  const late = ofSku.find((entry) => arrivedAt(cart, entry) > seenVersion);
  if (late !== undefined) {
    throw stale(`${item.sku} has changed since version ${seenVersion}`, cart.version);
  }
  const rest = without(cart.items, isOf(item.sku));
  return changed(cart, withEntry(rest, nextDot(cart), item), item.price.at);
}

/** What the device had not seen stays: an add wins over a remove of another device. */
export function removeItem(cart: Cart, sku: string, seenVersion: number, now: EpochMs): Cart {
  const observed = (entry: Entry<CartItem>): boolean =>
    entry.item.sku === sku && arrivedAt(cart, entry) <= seenVersion;
  return cart.items.entries.some(observed)
    ? changed(cart, without(cart.items, observed), now)
    : cart;
}

/** The same cart where it has seen all of `source`. Throws `Failure` `cart-full` (reject). */
export function mergeCart(cart: Cart, source: Cart, now: EpochMs): Cart {
  const items = merged(cart.items, source.items);
  const isKnown =
    JSON.stringify(items.entries) === JSON.stringify(cart.items.entries) &&
    Object.entries(items.seen).every(([replica, number]) => cart.items.seen[replica] === number);
  return isKnown ? cart : changed(cart, items, now);
}

/**
 * Its items go to one cart only: another login, or somebody else at the same device, would have
 * them again. Throws `Failure` `cart-merged` (reject) where they have gone to another.
 */
export function givenTo(source: Cart, cartId: string): Cart {
  if (source.mergedInto === cartId) return source;
  if (source.mergedInto !== undefined) throw givenAway();
  return { ...source, version: source.version + 1, mergedInto: cartId };
}

/** Throws `Failure` `precondition-failed` (reject) for a version that the cart never had. */
export function checkVersion(cart: Cart, seenVersion: number): void {
  if (seenVersion <= cart.version) return;
  throw stale(`it has had no version ${seenVersion}`, cart.version);
}

function changed(
  cart: Cart,
  items: CartSet<CartItem>,
  now: EpochMs,
  recentAdds = cart.recentAdds,
): Cart {
  const version = cart.version + 1;
  const next: Cart = { ...cart, version, items, recentAdds, expiresAt: later(now, CART_LASTS) };
  const foreign = items.entries.filter(({ dot }) => dot.replica !== cart.cartId);
  const arrivals = foreign.map(({ dot }) => [dotName(dot), cart.arrivals[dotName(dot)] ?? version]);
  refuseTooMuch(next);
  return { ...next, arrivals: Object.fromEntries(arrivals) as Cart["arrivals"] };
}

function refuseTooMuch(cart: Cart): void {
  const lines = cartLines(cart);
  if (lines.length > CART_LIMITS.skus) throw full(`${CART_LIMITS.skus} SKUs`);
  if (lines.some(({ quantity }) => quantity > CART_LIMITS.quantity)) {
    throw full(`${CART_LIMITS.quantity} units of a SKU`);
  }
  if (Object.keys(cart.items.seen).length > CART_LIMITS.replicas) {
    throw full(`the items of ${CART_LIMITS.replicas - 1} other carts`);
  }
}

const nextDot = ({ cartId, version }: Cart) => ({ replica: cartId, number: version + 1 });

const arrivedAt = (cart: Cart, { dot }: Entry<CartItem>): number =>
  dot.replica === cart.cartId ? dot.number : (cart.arrivals[dotName(dot)] ?? 0);

const isOf =
  (sku: string) =>
  ({ item }: Entry<CartItem>): boolean =>
    item.sku === sku;

const entriesOf = (cart: Cart, sku: string): readonly Entry<CartItem>[] =>
  cart.items.entries.filter(isOf(sku));

const quantityOf = (entries: readonly Entry<CartItem>[]): number =>
  entries.reduce((sum, { item }) => sum + item.quantity, 0);

/** Setting the quantity that it has takes the price of the day. */
const samePrice = (entries: readonly Entry<CartItem>[], price: PriceSnapshot): boolean =>
  entries.length > 0 &&
  entries.every(
    ({ item }) =>
      item.price.currency === price.currency &&
      item.price.unitPrice === price.unitPrice &&
      item.price.unitFreight === price.unitFreight,
  );

const reused = (): Failure =>
  new Failure(
    "idempotency-key-reused",
    "reject",
    "This Idempotency-Key stands for another add; use a new key for a new one.",
  );

const absent = (sku: string): Failure =>
  new Failure("not-found", "reject", `The cart has no ${sku}; add it first.`);

const stale = (why: string, version: number): Failure =>
  new Failure(
    "precondition-failed",
    "reject",
    `The cart is at version ${version}: ${why}. Read it and decide again.`,
  );

const givenAway = (): Failure =>
  new Failure(
    "cart-merged",
    "reject",
    "The anonymous cart was merged into another cart; begin a new one for what is put in now.",
  );

const full = (limit: string): Failure =>
  new Failure("cart-full", "reject", `A cart holds at most ${limit}; order what is in it first.`);
