/**
 * The headers of answers, in the document's words.
 */
import type { JsonObject } from "#kernel/json";
import type { Deprecation } from "../deprecation.ts";
import type { AnswerHeader } from "./operation.ts";

const text = (description: string): JsonObject => ({ description, schema: { type: "string" } });

/** On every answer; the quota's on each that was let so far. */
const ALWAYS = {
  "X-Correlation-Id": text("The caller's own id of the request, or ours."),
  Traceparent: text("W3C Trace Context: the trace that the request belongs to."),
  "API-Version": text("The dated version that has answered."),
  "RateLimit-Policy": text('`"default";q=100;w=60`: 100 requests in 60 seconds.'),
  RateLimit: text('`"default";r=50;t=30`: 50 are left, in 30 seconds there are all.'),
} as const;

const BY_ROUTE: Readonly<Record<AnswerHeader, JsonObject>> = {
  ETag: text("Of what is answered: RFC 9110 section 8.8.3."),
  Location: text("Where it is."),
  Link: text('rel="next" leads to the next page: RFC 8288. On the last one there is none.'),
  "Cache-Status": text("Which layer has answered: RFC 9211."),
  "Cache-Control": text("How long anybody may keep it."),
};

const OF_GOING = {
  Deprecation: text("From when on nobody should begin to use it: RFC 9745."),
  Sunset: text("When it stops to answer: RFC 8594."),
} as const;

export const HEADERS: JsonObject = { ...ALWAYS, ...BY_ROUTE, ...OF_GOING };

export const answerHeaders = (
  more: readonly AnswerHeader[] = [],
  deprecated?: Deprecation,
): JsonObject =>
  Object.fromEntries(
    [...Object.keys(ALWAYS), ...more, ...goingHeaders(deprecated)].map((name) => [
      name,
      { $ref: `#/components/headers/${name}` },
    ]),
  );

function goingHeaders(deprecated: Deprecation | undefined): readonly string[] {
  if (deprecated === undefined) return [];
  return deprecated.sunset === undefined ? ["Deprecation"] : ["Deprecation", "Sunset"];
}
