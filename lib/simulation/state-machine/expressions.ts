/**
 * The values of a state machine's fields: JSON in which every text between `{%` and `%}` is a
 * JSONata expression. They are compiled once, when the definition is read.
 * Source: AWS Step Functions Developer Guide, "Transforming data with JSONata in Step Functions".
 */
import jsonata from "jsonata";
import { Failure } from "#kernel/failure";
import { isJsonObject, type Json, type JsonObject } from "#kernel/json";

export type Scope = {
  /** What an expression reads as `$states`. */
  readonly states: JsonObject;
  /** The workflow's variables. */
  readonly variables: JsonObject;
};

/** Throws `EvaluationError`. */
export type Template = (scope: Scope) => Promise<Json>;

/** The state fails with `States.QueryEvaluationError`. */
export class EvaluationError extends Error {
  override readonly name = "EvaluationError";
}

/** `$parse` is Step Functions' own; the others are JSONata's, those whose answer is always one. */
const FUNCTIONS: ReadonlySet<string> = new Set(
  [
    "parse string length substring substringBefore substringAfter uppercase lowercase trim",
    "contains split join replace number abs floor ceil round sum max min average",
    "boolean not exists count append merge keys lookup type",
  ].flatMap((names) => names.split(" ")),
);

const EXPRESSION = /^\{%([\s\S]*)%\}$/;

/**
 * @param known the variables that the definition assigns anywhere
 * @param where names the field in errors
 * @throws Failure `misconfigured` (reject) for what is no expression, and for a name that nobody
 * knows.
 */
export function template(value: Json, where: string, known: ReadonlySet<string>): Template {
  if (typeof value === "string") return textTemplate(value, where, known);
  if (Array.isArray(value)) {
    const parts = value.map((part, index) => template(part as Json, `${where}[${index}]`, known));
    return async (scope) => {
      const items: Json[] = [];
      for (const part of parts) items.push(await part(scope));
      return items;
    };
  }
  if (isJsonObject(value)) {
    const parts = Object.entries(value).map(
      ([key, part = null]) => [key, template(part, `${where}.${key}`, known)] as const,
    );
    return async (scope) => {
      const fields: Record<string, Json> = {};
      for (const [key, part] of parts) fields[key] = await part(scope);
      return fields;
    };
  }
  return () => Promise.resolve(value);
}

function textTemplate(text: string, where: string, known: ReadonlySet<string>): Template {
  const [, source] = EXPRESSION.exec(text) ?? [];
  if (source === undefined) return () => Promise.resolve(text);
  const expression = compiled(source, where);
  const { used, defined } = namesIn(expression.ast());
  const unknown = [...used].filter((name) => !known.has(name) && !defined.has(name));
  const variables = unknown.filter((name) => name !== "states" && !FUNCTIONS.has(name));
  if (variables.length > 0) {
    const names = variables.map((name) => `$${name}`).join(", ");
    throw misread(where, `${text} reads ${names}, which nothing assigns and no function is called`);
  }
  const wanted = [...used].filter((name) => known.has(name) && !defined.has(name));

  return async ({ states, variables }) => {
    const missing = wanted.find((name) => variables[name] === undefined);
    if (missing !== undefined) {
      throw new EvaluationError(`${where}: the variable $${missing} has not been assigned.`);
    }
    let answer: unknown;
    try {
      answer = (await expression.evaluate(undefined, { ...variables, states })) as unknown;
    } catch (error) {
      throw new EvaluationError(`${where}: ${text} cannot be evaluated: ${reasonOf(error)}`);
    }
    return asJson(answer, text, where);
  };
}

function compiled(source: string, where: string): jsonata.Expression {
  try {
    const expression = jsonata(source);
    expression.registerFunction("parse", (text: string) => JSON.parse(text) as unknown, "<s:x>");
    return expression;
  } catch (error) {
    throw misread(where, `{%${source}%} is no JSONata: ${reasonOf(error)}`);
  }
}

/** Data moves between states as JSON: what it cannot carry is an error, and nothing is shared. */
function asJson(answer: unknown, text: string, where: string): Json {
  if (typeof answer === "string" || typeof answer === "number" || typeof answer === "boolean") {
    return answer;
  }
  const written = isFunction(answer) ? undefined : JSON.stringify(answer);
  if (written === undefined) throw new EvaluationError(`${where}: ${text} returned nothing.`);
  return JSON.parse(written) as Json;
}

/** As JSONata keeps its own, and those that an expression makes. */
const isFunction = (answer: unknown): boolean =>
  isRecord(answer) && ("_jsonata_function" in answer || "_jsonata_lambda" in answer);

type Names = { readonly used: Set<string>; readonly defined: Set<string> };

/** The names behind `$` in a syntax tree: those it reads, and those it makes itself. */
function namesIn(tree: unknown, names: Names = { used: new Set(), defined: new Set() }): Names {
  if (Array.isArray(tree)) for (const part of tree) namesIn(part, names);
  if (!isRecord(tree)) return names;
  const { type, value, lhs, arguments: parameters } = tree;
  if (type === "variable" && typeof value === "string" && value !== "" && value !== "$") {
    names.used.add(value);
  }
  const made = type === "bind" ? [lhs] : type === "lambda" ? parameters : [];
  for (const one of Array.isArray(made) ? (made as unknown[]) : []) {
    if (isRecord(one) && typeof one["value"] === "string") names.defined.add(one["value"]);
  }
  for (const part of Object.values(tree)) namesIn(part, names);
  return names;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** JSONata throws plain objects with a message. */
const reasonOf = (error: unknown): string =>
  isRecord(error) && typeof error["message"] === "string" ? error["message"] : String(error);

export const misread = (where: string, why: string): Failure =>
  new Failure("misconfigured", "reject", `The state machine cannot be read: ${where}: ${why}.`);
