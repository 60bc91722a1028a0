/**
 * With which statuses a route may refuse, beside what becomes of failures of ours: it follows from
 * its row and from what it takes.
 */
import type { Route } from "../route.ts";
import type { Operation } from "./operation.ts";

export function refusalsOf(
  route: Route,
  { body, needs = [], takes = [], refusal, mayBeUnknown }: Operation,
): readonly number[] {
  const { access, method, path } = route;
  const isOpen = access === "public";
  const hasTag = needs.includes("If-Match") || takes.includes("If-Match");
  return [
    400,
    ...(isOpen && refusal === undefined ? [] : [401]),
    ...(isOpen || access === "signature" ? [] : [403]),
    ...(path.includes("{") || mayBeUnknown === true ? [404] : []),
    406,
    ...(method === "GET" ? [] : [409]),
    ...(hasTag ? [412, 428] : []),
    ...(body === undefined ? [] : [413, 415]),
    ...(body === undefined && !needs.includes("Idempotency-Key") ? [] : [422]),
    429,
    503,
  ];
}
