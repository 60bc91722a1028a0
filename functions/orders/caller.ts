/**
 * Who asks, on the routes of orders: all of them need a scope, so the onion has verified a token
 * before.
 */
import { Failure } from "#kernel/failure";
import type { HttpRequest, Subject } from "#runtime/http-route";

/** Errors: `unauthenticated` (reject) where the onion let nobody in particular through. */
export function callerOf({ subject }: Pick<HttpRequest<unknown, unknown>, "subject">): Subject {
  if (subject !== undefined) return subject;
  throw new Failure("unauthenticated", "reject", "Orders belong to somebody; send a token.");
}
