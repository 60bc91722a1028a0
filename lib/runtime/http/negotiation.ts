/**
 * Every answer is JSON: a caller who cannot take it is told so before any work is done.
 */
import { Failure } from "#kernel/failure";
import type { HttpMiddleware } from "./exchange.ts";

/**
 * Errors: `not-acceptable` (reject). Source: RFC 9110 section 12.5.1; no `Accept` means anything.
 */
export const negotiation = (): HttpMiddleware => ({
  before({ context }) {
    const accept = context.exchange.headers["accept"];
    if (accept === undefined || acceptsJson(accept)) return;
    throw new Failure(
      "not-acceptable",
      "reject",
      `Answers are application/json; received Accept: ${accept.slice(0, 100)}.`,
    );
  },
});

/** The most specific range that covers JSON decides; a weight of 0 excludes it. */
function acceptsJson(accept: string): boolean {
  const weights = new Map(accept.split(",").map(rangeAndWeight));
  const weight = RANGES.map((range) => weights.get(range)).find((found) => found !== undefined);
  return weight !== undefined && weight > 0;
}

const RANGES = ["application/json", "application/*", "*/*"];

function rangeAndWeight(part: string): [string, number] {
  const [range = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith("q="));
  return [range, weight === undefined ? 1 : Number(weight.slice(2))];
}
