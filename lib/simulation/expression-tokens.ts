/**
 * The words of one DynamoDB expression, taken one after the other.
 */
import { Failure } from "#kernel/failure";

export type Tokens = {
  next(): string;
  takes(token: string): boolean;
  needs(token: string): void;
  /** The name of an attribute, or its placeholder. */
  name(): string;
  /** Whether a value's placeholder comes next. */
  isValue(): boolean;
  isAtEnd(): boolean;
  /** @throws Failure `misconfigured` (halt) that says what is not known, and what to do */
  refuse(why?: string): never;
};

const TOKEN = /[#:]?[A-Za-z_]\w*|<>|<=|>=|[()=<>,+-]/g;
const NAME = /^#?[A-Za-z_]\w*$/;
const WORDS = new Set(["AND", "OR", "NOT", "SET", "ADD", "REMOVE", "DELETE", "BETWEEN", "IN"]);

export function tokensOf(expression: string): Tokens {
  const found = expression.match(TOKEN) ?? [];
  let place = 0;
  const refuse = (why = "this part of the language is not known here"): never => {
    throw new Failure(
      "misconfigured",
      "halt",
      `The simulator does not read the expression ${JSON.stringify(expression)}: ${why}. ` +
        "It knows comparisons, attribute_exists, attribute_not_exists, AND, OR, NOT, SET with + " +
        "and -, if_not_exists, ADD and REMOVE, over attributes that are not nested.",
    );
  };
  if (found.join("") !== expression.replaceAll(/\s/g, "")) refuse();
  const next = (): string => found[place++] ?? refuse("it ends too early");
  const takes = (token: string): boolean => {
    const isNext = found[place] === token;
    if (isNext) place += 1;
    return isNext;
  };

  return {
    next,
    takes,
    needs: (token) => void (takes(token) || refuse()),
    name() {
      const token = next();
      return NAME.test(token) && !WORDS.has(token) ? token : refuse();
    },
    isValue: () => found[place]?.startsWith(":") === true,
    isAtEnd: () => place === found.length,
    refuse,
  };
}
