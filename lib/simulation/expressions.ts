/**
 * DynamoDB's expressions over top-level attributes: conditions of comparisons and existence, and
 * updates that set, count up, add and remove (Expressions.OperatorsAndFunctions.html and
 * Expressions.UpdateExpressions.html, Amazon DynamoDB Developer Guide). Anything else is refused,
 * so that nothing is misread.
 */
import { tokensOf, type Tokens } from "./expression-tokens.ts";

/** As the SDK has it: `{ S: "text" }`, `{ N: "1" }`, and others that are only compared. */
export type Attribute = {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
};

export type Item = Readonly<Record<string, Attribute>>;

export type Placeholders = {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, Attribute>>;
};

type Condition = (item: Item, placeholders: Placeholders) => boolean;
type Operand = (item: Item, placeholders: Placeholders) => Attribute | undefined;
type Change = (
  item: Item,
  placeholders: Placeholders,
) => readonly (readonly [string, Attribute | undefined])[];

const conditions = new Map<string, Condition>();
const updates = new Map<string, readonly Change[]>();

/** @param item what stands there; empty: nothing. @throws Failure `misconfigured` (halt) */
export function holds(expression: string, item: Item, placeholders: Placeholders): boolean {
  const known = conditions.get(expression) ?? whole(expression, either);
  conditions.set(expression, known);
  return known(item, placeholders);
}

/** The item as the update leaves it. @throws Failure `misconfigured` (halt) */
export function updated(expression: string, item: Item, placeholders: Placeholders): Item {
  const known = updates.get(expression) ?? whole(expression, clauses);
  updates.set(expression, known);
  // All of them see the item as it was.
  const changes = known.flatMap((change) => change(item, placeholders));
  const after = Object.entries({ ...item, ...Object.fromEntries(changes) });
  return Object.fromEntries(after.filter((entry): entry is [string, Attribute] => !!entry[1]));
}

function whole<Parsed>(expression: string, parse: (tokens: Tokens) => Parsed): Parsed {
  const tokens = tokensOf(expression);
  const parsed = parse(tokens);
  return tokens.isAtEnd() ? parsed : tokens.refuse();
}

function either(tokens: Tokens): Condition {
  const parts = [both(tokens)];
  while (tokens.takes("OR")) parts.push(both(tokens));
  return (item, placeholders) => parts.some((part) => part(item, placeholders));
}

function both(tokens: Tokens): Condition {
  const parts = [single(tokens)];
  while (tokens.takes("AND")) parts.push(single(tokens));
  return (item, placeholders) => parts.every((part) => part(item, placeholders));
}

function single(tokens: Tokens): Condition {
  if (tokens.takes("NOT")) {
    const inner = single(tokens);
    return (item, placeholders) => !inner(item, placeholders);
  }
  if (tokens.takes("(")) {
    const inner = either(tokens);
    tokens.needs(")");
    return inner;
  }
  for (const [name, isWanted] of EXISTENCE) {
    if (!tokens.takes(name)) continue;
    tokens.needs("(");
    const nameOf = attribute(tokens);
    tokens.needs(")");
    return (item, placeholders) => nameOf(placeholders) in item === isWanted;
  }
  const left = operand(tokens);
  const compare = COMPARISONS[tokens.next()] ?? tokens.refuse();
  const right = operand(tokens);
  return (item, placeholders) => compare(left(item, placeholders), right(item, placeholders));
}

const EXISTENCE = [
  ["attribute_exists", true],
  ["attribute_not_exists", false],
] as const;

type Compare = (left: Attribute | undefined, right: Attribute | undefined) => boolean;

/** A comparison with an attribute that is not there never holds, but for "differs". */
const COMPARISONS: Readonly<Record<string, Compare>> = {
  "=": (left, right) => left !== undefined && textOf(left) === textOf(right),
  "<>": (left, right) => textOf(left) !== textOf(right),
  "<": ordered((left, right) => left < right),
  "<=": ordered((left, right) => left <= right),
  ">": ordered((left, right) => left > right),
  ">=": ordered((left, right) => left >= right),
};

function ordered(isSo: (left: string | number, right: string | number) => boolean): Compare {
  return (left, right) => {
    const [one, other] = [plain(left), plain(right)];
    if (one === undefined || other === undefined || typeof one !== typeof other) return false;
    return isSo(one, other);
  };
}

function clauses(tokens: Tokens): readonly Change[] {
  const changes: Change[] = [];
  while (!tokens.isAtEnd()) {
    const clause = CLAUSES[tokens.next()] ?? tokens.refuse();
    do changes.push(clause(tokens));
    while (tokens.takes(","));
  }
  return changes;
}

const CLAUSES: Readonly<Record<string, (tokens: Tokens) => Change>> = {
  SET(tokens) {
    const nameOf = attribute(tokens);
    tokens.needs("=");
    const first = operand(tokens);
    const sign = tokens.takes("+") ? 1 : tokens.takes("-") ? -1 : 0;
    const second = sign === 0 ? undefined : operand(tokens);
    return (item, given) => {
      const value = first(item, given);
      const sum = second === undefined ? value : added(value, second(item, given), sign);
      if (sum === undefined) return tokens.refuse("an attribute that is not there");
      return [[nameOf(given), sum]];
    };
  },
  ADD(tokens) {
    const nameOf = attribute(tokens);
    const value = operand(tokens);
    return (item, given) => {
      const name = nameOf(given);
      const sum = added(item[name] ?? { N: "0" }, value(item, given), 1);
      return [[name, sum ?? tokens.refuse("only numbers are added here")]];
    };
  },
  REMOVE(tokens) {
    const nameOf = attribute(tokens);
    return (_item, given) => [[nameOf(given), undefined]];
  },
};

function operand(tokens: Tokens): Operand {
  if (tokens.takes("if_not_exists")) {
    tokens.needs("(");
    const nameOf = attribute(tokens);
    tokens.needs(",");
    const otherwise = operand(tokens);
    tokens.needs(")");
    return (item, given) => item[nameOf(given)] ?? otherwise(item, given);
  }
  if (!tokens.isValue()) {
    const nameOf = attribute(tokens);
    return (item, given) => item[nameOf(given)];
  }
  const value = tokens.next();
  return (_item, { values }) => values[value] ?? tokens.refuse(`${value} has no value`);
}

function attribute(tokens: Tokens): (placeholders: Placeholders) => string {
  const name = tokens.name();
  if (!name.startsWith("#")) return () => name;
  return ({ names }) => names[name] ?? tokens.refuse(`${name} has no name`);
}

function added(one: Attribute | undefined, other: Attribute | undefined, sign: number) {
  if (one?.N === undefined || other?.N === undefined) return undefined;
  return { N: String(Number(one.N) + sign * Number(other.N)) };
}

function plain(value: Attribute | undefined): string | number | undefined {
  return value?.N === undefined ? value?.S : Number(value.N);
}

/** Numbers that are written in two ways are one. */
const textOf = (value: Attribute | undefined): string | undefined =>
  value?.N === undefined ? JSON.stringify(value) : `N ${Number(value.N)}`;
