/**
 * Which run holds which claim. Powertools hands a persistence layer the payload and nothing that
 * names the run, so two runs with one payload, or one whose payload was changed by its handler,
 * look alike; the async context tells them apart, and the payload's identity where a context ends,
 * as between the phases of Middy before version 7.
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** One attempt of one run to acquire a record. */
export type Opening<Claim> = {
  readonly data: unknown;
  /** The run around this one, where one idempotent function calls another. */
  readonly outer: Opening<Claim> | undefined;
  readonly depth: number;
  key: string | undefined;
  state: "pending" | "refused" | "held" | "closed";
  claim: Claim | undefined;
};

export type Openings<Claim> = {
  /** Enters the caller's async context, so it has to come before the first `await`. */
  open(data: unknown): Opening<Claim>;
  /** The one that this context has just opened. */
  current(): Opening<Claim> | undefined;
  hold(opening: Opening<Claim>, claim: Claim): void;
  refuse(opening: Opening<Claim>): void;
  /**
   * The claim of the run that asks, once: afterwards it is nobody's. Undefined where the run
   * acquired nothing, or where nothing tells which of several it is.
   */
  close(data: unknown, why: "complete" | "release"): Claim | undefined;
};

/** Runs within runs; deeper ones are told apart by their payload alone. */
const DEPTH_MAX = 32;

export function openings<Claim>(): Openings<Claim> {
  const context = new AsyncLocalStorage<Opening<Claim>>();
  const held = heldByData<Claim>();

  /** From the innermost outwards. */
  const surrounding = (): readonly Opening<Claim>[] => {
    const all: Opening<Claim>[] = [];
    for (let one = context.getStore(); one !== undefined; one = one.outer) all.push(one);
    return all;
  };

  return {
    open(data) {
      const nearest = surrounding().find(({ state }) => state === "held");
      const outer = nearest !== undefined && nearest.depth < DEPTH_MAX ? nearest : undefined;
      const opening: Opening<Claim> = {
        data,
        outer,
        depth: (outer?.depth ?? 0) + 1,
        key: undefined,
        state: "pending",
        claim: undefined,
      };
      context.enterWith(opening);
      return opening;
    },

    current: () => context.getStore(),

    hold(opening, claim) {
      opening.state = "held";
      opening.claim = claim;
      held.add(opening);
    },

    refuse(opening) {
      opening.state = "refused";
      held.contest(opening);
    },

    close(data, why) {
      const here = surrounding().filter((one) => Object.is(one.data, data));
      const refused = here.filter(({ state }) => state === "refused");
      /** Whoever was refused a record has none of it to give back. */
      const mayBe = ({ state, key }: Opening<Claim>): boolean =>
        state === "held" && !(why === "release" && refused.some((one) => isSameKey(one.key, key)));
      const found = here.find(mayBe) ?? held.onlyOne(data, why, mayBe);
      if (found === undefined) return undefined;
      const { claim } = found;
      found.state = "closed";
      found.claim = undefined;
      held.remove(found);
      return claim;
    },
  };
}

/** A refusal before the key was known may have been for any. */
const isSameKey = (refused: string | undefined, key: string | undefined): boolean =>
  refused === undefined || refused === key;

type Held<Claim> = {
  readonly openings: Set<Opening<Claim>>;
  /** Somebody else with this very payload was refused meanwhile. */
  contested: boolean;
};

/** Payloads that are no objects have no identity, so nothing lets go of them but this bound. */
const TEXTS_MAX = 1000;

function heldByData<Claim>() {
  const objects = new WeakMap<object, Held<Claim>>();
  const texts = new Map<unknown, Held<Claim>>();
  const find = (data: unknown): Held<Claim> | undefined =>
    isObject(data) ? objects.get(data) : texts.get(data);
  const forget = (data: unknown): void => {
    if (isObject(data)) objects.delete(data);
    else texts.delete(data);
  };

  return {
    add(opening: Opening<Claim>): void {
      const { data } = opening;
      const present = find(data) ?? { openings: new Set(), contested: false };
      present.openings.add(opening);
      if (isObject(data)) objects.set(data, present);
      else texts.set(data, present);
      const [oldest] = texts.keys();
      if (texts.size > TEXTS_MAX) texts.delete(oldest);
    },

    remove(opening: Opening<Claim>): void {
      const present = find(opening.data);
      present?.openings.delete(opening);
      if (present?.openings.size === 0) forget(opening.data);
    },

    contest({ data, key }: Opening<Claim>): void {
      const present = find(data);
      const rivals = [...(present?.openings ?? [])];
      if (present !== undefined && rivals.some((one) => isSameKey(key, one.key))) {
        present.contested = true;
      }
    },

    onlyOne(
      data: unknown,
      why: "complete" | "release",
      mayBe: (opening: Opening<Claim>) => boolean,
    ): Opening<Claim> | undefined {
      const present = find(data);
      if (present === undefined || (why === "release" && present.contested)) return undefined;
      const [one, another] = [...present.openings].filter(mayBe);
      return another === undefined ? one : undefined;
    },
  };
}

const isObject = (data: unknown): data is object =>
  (typeof data === "object" && data !== null) || typeof data === "function";
