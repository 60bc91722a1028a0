/**
 * Who asks, on routes that need a scope: the onion has verified a token before.
 */
import { Failure } from "#kernel/failure";
import type { HttpRequest, Subject } from "./http-route.ts";

/** Errors: `unauthenticated` (reject) where the onion let nobody in particular through. */
export function callerOf({ subject }: Pick<HttpRequest<unknown, unknown>, "subject">): Subject {
  if (subject !== undefined) return subject;
  throw new Failure("unauthenticated", "reject", "This belongs to somebody; send a token.");
}
