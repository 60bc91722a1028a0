/**
 * The header `If-Match`: which state of a resource the caller means to change.
 */
import { Failure } from "#kernel/failure";

/**
 * As it was sent. Errors: `precondition-required` (reject) without one: two callers who change the
 * same thing would undo each other's work unseen. Source: RFC 6585 section 3.
 *
 * @param headers names in lower case
 */
export function requiredIfMatch(headers: Readonly<Record<string, string>>): string {
  const header = headers["if-match"];
  if (header !== undefined && header.trim() !== "") return header;
  throw new Failure(
    "precondition-required",
    "reject",
    "Send If-Match with the ETag of what you have read, so that nobody's change is lost.",
  );
}
