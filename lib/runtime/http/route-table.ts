/**
 * The routes of one function, each joined with its row of the contract's table. What may call a
 * route is said there alone; a route that its function cannot guard fails at cold start.
 */
import { PROVIDER_ROUTES } from "#contracts/http/provider-routes";
import type { Route } from "#contracts/http/route";
import { ROUTES } from "#contracts/http/routes";
import { Failure } from "#kernel/failure";
import type { HttpRoute } from "../http-route.ts";

export type RouteInUse = Pick<Route, "access" | "staff" | "limit" | "deprecated"> & {
  readonly definition: HttpRoute;
  /** Whether its answers are kept under the caller's Idempotency-Key. */
  readonly isKept: boolean;
};

/** What the function was given for its routes to lean on. */
export type Supports = { readonly verifies: boolean; readonly keepsAnswers: boolean };

export type RouteTable = {
  /**
   * By API Gateway's `httpMethod` and `resource`. HEAD finds what answers GET (RFC 9110 section
   * 9.3.2): the gateway tells the length of the body and does not send it.
   */
  find(method: string, resource: string): RouteInUse | undefined;
  /** The methods that a resource knows; empty for an unknown one. */
  methodsOf(resource: string): readonly string[];
};

const ROWS = new Map<string, Route>(
  [...ROUTES, ...PROVIDER_ROUTES].map((row) => [`${row.method} ${row.path}`, row]),
);

/** Errors: `misconfigured` (reject). */
export function routeTable(routes: readonly HttpRoute[], supports: Supports): RouteTable {
  const inUse = new Map<string, RouteInUse>();
  for (const definition of routes) {
    const { route } = definition;
    const row = ROWS.get(route);
    if (row === undefined) throw misconfigured(route, "has no row in the route table");
    if (inUse.has(route)) throw misconfigured(route, "is given twice");
    const fault = unguarded(row.access, definition, supports) ?? unrepeatable(row, supports);
    if (fault !== undefined) throw misconfigured(route, fault);
    inUse.set(route, { ...row, definition, isKept: isKept(row) });
  }
  return {
    find: (method, resource) => inUse.get(`${method === "HEAD" ? "GET" : method} ${resource}`),
    methodsOf: (resource) =>
      [...inUse.keys()].flatMap((key) => {
        const [method = "", path] = key.split(" ");
        if (path !== resource) return [];
        return method === "GET" ? ["GET", "HEAD"] : [method];
      }),
  };
}

function unguarded(
  access: Route["access"],
  { admit }: HttpRoute,
  { verifies }: Supports,
): string | undefined {
  if (access === "public") return undefined;
  if (access === "signature" || access === "api-key") {
    return admit === undefined ? `needs \`admit\` to check its ${access}` : undefined;
  }
  return verifies ? undefined : `needs a token verifier for the scope ${access}`;
}

const isKept = (row: Route): boolean =>
  row.method !== "GET" && row.repetition === "answered-from-record";

const unrepeatable = (row: Route, { keepsAnswers }: Supports): string | undefined =>
  isKept(row) && !keepsAnswers ? "needs `answers` to keep its answers in" : undefined;

const misconfigured = (route: string, fault: string): Failure =>
  new Failure("misconfigured", "reject", `The route ${route} ${fault}.`);
