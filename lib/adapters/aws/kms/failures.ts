/**
 * What an error of KMS means to those who need a signature or a key.
 */
import { Failure, isFailure } from "#kernel/failure";

/** Nothing is kept when KMS fails, so whatever it was, the call may be repeated. */
export const kmsFailure = (action: string, error: unknown): Failure =>
  isFailure(error)
    ? error
    : new Failure("store-unavailable", "retry", `KMS could not ${action}.`, { cause: error });
