/**
 * Data from outside against its schema: what is wrong is named by RFC 6901 pointers, unknown fields
 * included.
 */
import { Failure, type FailureDetail } from "#kernel/failure";
import type { z } from "zod";

/** Enough to mend a request by; a longer list helps nobody and costs bytes. */
const DETAILS_MAX = 20;
const POINTER_CHARACTERS_MAX = 200;

/**
 * Answers the value as the schema reads it. Errors: `invalid-request` (reject) with a pointer for
 * each wrong place.
 * @param what names the value in the error, as in "the body"
 * @param root the pointer of the value itself; "" for a body
 */
export function validated<Value>(
  schema: z.ZodType<Value>,
  value: unknown,
  what: string,
  root = "",
): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const details = result.error.issues.flatMap((issue) => detailsOf(issue, root));
  throw new Failure(
    "invalid-request",
    "reject",
    `${what} is not as documented: ${summary(details)}.`,
    { details: details.slice(0, DETAILS_MAX) },
  );
}

function detailsOf(issue: z.core.$ZodIssue, root: string): FailureDetail[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      pointer: pointerOf(root, [...path, key]),
      detail: "This field is not known; leave it out.",
    }));
  }
  return [{ pointer: pointerOf(root, path), detail: issue.message }];
}

/** RFC 6901 section 3: "~" is written ~0 and "/" is written ~1. */
export const pointerOf = (root: string, path: readonly string[]): string =>
  [root, ...path.map((step) => step.replaceAll("~", "~0").replaceAll("/", "~1"))]
    .join("/")
    .slice(0, POINTER_CHARACTERS_MAX);

function summary(details: readonly FailureDetail[]): string {
  const [first] = details;
  if (first === undefined) return "it was refused";
  const place = first.pointer === "" ? "as a whole" : `at ${first.pointer}`;
  const others = details.length > 1 ? ` (and ${details.length - 1} more)` : "";
  return `${place}: ${first.detail.replace(/\.$/, "")}${others}`;
}
