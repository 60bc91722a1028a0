/**
 * Every route with what it takes and answers.
 */
import { type RouteKey, ROUTES } from "../routes.ts";
import type { Described } from "./open-api.ts";
import { OPERATIONS } from "./operations.ts";

export const describedRoutes = (): readonly Described[] =>
  ROUTES.map((route) => {
    const key = `${route.method} ${route.path}` as RouteKey;
    return { route, operation: OPERATIONS[key] };
  });
