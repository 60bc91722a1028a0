/**
 * Answers are read by the contract's schemas: one that breaks the contract is an error, not a
 * guess.
 */
import { Failure } from "#kernel/failure";
import type { ApiAnswer } from "./client.ts";

/** A schema of the contracts, as far as it is needed here. */
type Schema<Answer> = {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: Answer }
    | { readonly success: false; readonly error: Error };
};

/** Throws `Failure` `unexpected` (reject), naming the request and what differs. */
export function readAnswer<Answer>(
  schema: Schema<Answer>,
  { text }: ApiAnswer,
  request: string,
): Answer {
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new Failure(
    "unexpected",
    "reject",
    `The answer to ${request} is not what the contract says: ${parsed.error.message}`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
