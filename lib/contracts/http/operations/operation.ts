/**
 * What a route takes and answers, beside its row in the route table: what the document of the
 * routes (docs/openapi.json) says of it.
 */
import type * as z from "zod";

/** A schema under the name that the document has it by; one name for one schema. */
export type Document = { readonly name: string; readonly schema: z.ZodType };

export type RequestHeader =
  | "Idempotency-Key"
  | "If-Match"
  | "If-None-Match"
  | "Cart-Secret"
  | "Webhook-Id"
  | "Webhook-Timestamp"
  | "Webhook-Signature";

export type AnswerHeader = "ETag" | "Location" | "Link" | "Cache-Status" | "Cache-Control";

export type Operation = {
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: Document;
  /** Of the body; JSON where nothing is said. */
  readonly mediaType?: "application/x-www-form-urlencoded" | "application/merge-patch+json";
  /** Headers without which it is refused. */
  readonly needs?: readonly RequestHeader[];
  /** Headers that it reads where they are sent. */
  readonly takes?: readonly RequestHeader[];
  /** When all is well. */
  readonly answer: {
    readonly status: 200 | 201 | 202 | 204;
    readonly body?: Document;
    readonly headers?: readonly AnswerHeader[];
  };
  /** How 400 and 401 look where they are no problem details; what comes before them still is. */
  readonly refusal?: Document;
  /** Its query names one thing, which may not be there. */
  readonly mayBeUnknown?: true;
};

export const document = (name: string, schema: z.ZodType): Document => ({ name, schema });
