/**
 * Body and query as the route's schemas read them, and names in the path that may be one.
 */
import type { APIGatewayProxyEvent } from "aws-lambda";
import { Failure, isFailure } from "#kernel/failure";
import type { HttpRoute } from "../http-route.ts";
import { pointerOf, validated } from "../validation.ts";
import { wellFormed } from "../well-formed.ts";
import { routeOf, type HttpMiddleware } from "./exchange.ts";

/** Errors: `not-found`, `malformed-request`, `invalid-request` (all reject). */
export const parsing = (): HttpMiddleware => ({
  before({ event, context }) {
    const { exchange } = context;
    const { definition } = routeOf(exchange);
    refuseNoNames(exchange.path);
    const body = bodyOf(definition, exchange.rawBody);
    const query = queryOf(definition, event);
    context.exchange = { ...exchange, body, query };
  },
});

/**
 * Every id of this API is of these characters: another names nothing, and is no key to look for.
 */
const NAME = /^[\w-]{1,128}$/;

function refuseNoNames(path: Readonly<Record<string, string>>): void {
  const strange = Object.entries(path).find(([, value]) => !NAME.test(value));
  if (strange === undefined) return;
  const [name, value] = strange;
  throw new Failure("not-found", "reject", `No ${name} is ${JSON.stringify(value.slice(0, 80))}.`);
}

function bodyOf({ bodyFormat, bodySchema }: HttpRoute, rawBody: string): unknown {
  if (bodySchema === undefined) return undefined;
  const value = bodyFormat === "form" ? formFields(rawBody) : jsonValue(rawBody);
  return validated(bodySchema, value, "The body");
}

function jsonValue(text: string): unknown {
  if (text === "") throw malformed("The body is empty; send JSON.");
  try {
    return wellFormed(JSON.parse(text) as unknown, text);
  } catch (error) {
    if (isFailure(error)) throw error;
    throw malformed(`The body is not JSON: ${messageOf(error)}.`, error);
  }
}

function formFields(text: string): Record<string, string> {
  const pairs = [...new URLSearchParams(text)];
  const fields = new Map(pairs);
  if (fields.size < pairs.length) throw malformed("The form gives a field twice.");
  return Object.fromEntries(fields);
}

/** Pointers into the query begin with /query, as it is no part of the body. */
function queryOf({ querySchema, hasAnyQuery }: HttpRoute, event: APIGatewayProxyEvent): unknown {
  const values = event.queryStringParameters ?? {};
  if (querySchema === undefined) {
    if (hasAnyQuery !== true) refuseQuery(Object.keys(values));
    return undefined;
  }
  const twice = Object.entries(event.multiValueQueryStringParameters ?? {}).find(
    ([, given]) => (given?.length ?? 0) > 1,
  );
  if (twice !== undefined) {
    throw new Failure("invalid-request", "reject", "A query parameter is given twice.", {
      details: [{ pointer: `/query/${twice[0]}`, detail: "Give it once." }],
    });
  }
  return validated(querySchema, values, "The query", "/query");
}

/** Who writes `?dryRun=true` must not learn from its effect that it means nothing. */
function refuseQuery(names: readonly string[]): void {
  if (names.length === 0) return;
  throw new Failure("invalid-request", "reject", "This route takes no query parameters.", {
    details: names.slice(0, NAMED_MAX).map((name) => ({
      pointer: pointerOf("/query", [name]),
      detail: "This parameter is not known; leave it out.",
    })),
  });
}

const NAMED_MAX = 20;

const malformed = (message: string, cause?: unknown): Failure =>
  new Failure("malformed-request", "reject", message, { cause });

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 200);
