/**
 * Where in an input a strategy finds what it needs: a function, or the path to a field, written as
 * a list whose steps the compiler knows. There is no query language, so nothing can match nothing.
 */
import { Failure } from "#kernel/failure";

type Steps = readonly (string | number)[];

/** Deep enough for events in envelopes; beyond it any step is accepted. */
type TypedDepth = 6;

/** Every path to a field of `Input`: `["detail", "orderId"]`. */
export type PathOf<Input, Depth extends readonly 0[] = []> = Depth["length"] extends TypedDepth
  ? Steps
  : Input extends string | number | boolean | null | undefined
    ? readonly []
    : Input extends readonly (infer Item)[]
      ? readonly [] | readonly [number, ...PathOf<Item, [...Depth, 0]>]
      : Input extends object
        ? readonly [] | FieldPath<Input, Depth>
        : Steps;

type FieldPath<Input extends object, Depth extends readonly 0[]> = {
  readonly [Field in keyof Input & string]: readonly [
    Field,
    ...PathOf<NonNullable<Input[Field]>, [...Depth, 0]>,
  ];
}[keyof Input & string];

export type Selector<Input> = PathOf<Input> | ((input: Input) => unknown);

/**
 * Undefined where the path leads nowhere; inherited fields are nowhere. Never throws for a path.
 */
export function select<Input>(selector: Selector<Input>, input: Input): unknown {
  if (typeof selector === "function") return selector(input);
  let found: unknown = input;
  for (const step of selector as Steps) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) {
      return undefined;
    }
    found = (found as Readonly<Record<string | number, unknown>>)[step];
  }
  return found;
}

/**
 * A key is a text with something in it or a whole number, and never made up: everything that lacks
 * one would share the record of whatever lacked it first, and be dropped as its duplicate.
 *
 * @throws Failure `idempotency-key-missing` (reject): where it was looked for, and what was there.
 */
export function selectKey<Input>(selector: Selector<Input>, input: Input): string {
  const found = select(selector, input);
  if (typeof found === "string" && found.trim() !== "") return found;
  if (Number.isSafeInteger(found)) return String(found);
  throw new Failure(
    "idempotency-key-missing",
    "reject",
    `There is no idempotency key ${placeOf(selector)}: a text that is not blank or a whole ` +
      `number is needed, ${described(found)} was found. Let every input have it, or choose ` +
      "another place.",
  );
}

/** For messages: `at ["detail","orderId"]`. */
export const placeOf = (selector: Steps | object): string =>
  typeof selector === "function" ? "from the function" : `at ${JSON.stringify(selector)}`;

/** What it is, not what is in it: an input may hold what no log may. */
export function described(found: unknown): string {
  if (found === null) return "null";
  if (Array.isArray(found)) return "a list";
  if (typeof found === "string") return found.trim() === "" ? "a blank text" : "a text";
  if (typeof found === "number") return `the number ${found}`;
  return found === undefined ? "nothing" : `a value of type ${typeof found}`;
}
