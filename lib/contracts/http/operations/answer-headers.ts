/**
 * The headers of answers, in the document's words.
 */
import type { JsonObject } from "#kernel/json";
import type { AnswerHeader } from "./operation.ts";

const text = (description: string): JsonObject => ({ description, schema: { type: "string" } });

/** On every answer. */
const ALWAYS = {
  "X-Correlation-Id": text("The caller's own id of the request, or ours."),
  Traceparent: text("W3C Trace Context: the trace that the request belongs to."),
} as const;

const BY_ROUTE: Readonly<Record<AnswerHeader, JsonObject>> = {
  ETag: text("Of what is answered: RFC 9110 section 8.8.3."),
  Location: text("Where it is."),
  Link: text('rel="next" leads to the next page: RFC 8288. On the last one there is none.'),
  "Cache-Status": text("Which layer has answered: RFC 9211."),
  "Cache-Control": text("How long anybody may keep it."),
};

export const HEADERS: JsonObject = { ...ALWAYS, ...BY_ROUTE };

export const answerHeaders = (more: readonly AnswerHeader[] = []): JsonObject =>
  Object.fromEntries(
    [...Object.keys(ALWAYS), ...more].map((name) => [
      name,
      { $ref: `#/components/headers/${name}` },
    ]),
  );
