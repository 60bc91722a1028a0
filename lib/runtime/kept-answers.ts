/**
 * The HTTP header `Idempotency-Key`: a request that is sent again is answered as the first time,
 * byte for byte, without working again. On Powertools' idempotency; only functions with such routes
 * make one, so that no other carries it.
 */
import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  IdempotencyInconsistentStateError,
  IdempotencyPersistenceLayerError,
  IdempotencyValidationError,
  makeIdempotent,
} from "@aws-lambda-powertools/idempotency";
import type { BasePersistenceLayer } from "@aws-lambda-powertools/idempotency/persistence";
import type { APIGatewayProxyResult, Context } from "aws-lambda";
import { Failure, isFailure } from "#kernel/failure";
import { canonicalJson, sha256Hex } from "#kernel/hash";
import {
  type IdempotencyCount,
  type IdempotencyMetrics,
  noMetrics,
} from "#messaging/idempotency/idempotency-metrics";
import { callerOf } from "./caller.ts";
import { isServerError, statusOf } from "./http-errors.ts";
import { idempotencyKey } from "./idempotency-key.ts";
import { type Exchange, routeOf } from "./http/exchange.ts";

export type KeptAnswersRequest = {
  readonly exchange: Exchange;
  readonly context: Context;
  readonly handle: () => Promise<APIGatewayProxyResult>;
  /** The answer to a refusal by `handle`. */
  readonly refusal: (failure: Failure) => APIGatewayProxyResult;
};

export type KeptAnswers = (request: KeptAnswersRequest) => Promise<APIGatewayProxyResult>;

/** 24 hours, as callers are used to; a key that is older stands for a new request. */
const KEPT_SECONDS = 86_400;

/**
 * A key belongs to its caller and route; path, query and body are what it stands for. Kept are
 * answers and refusals that would be the same the next time; server errors and what says "try
 * again" are not, and free the key. The lease of a request that is being handled is what is left of
 * its invocation.
 *
 * The record is not written together with what the request changes: a function that dies in between
 * leaves a key whose request runs again after the lease. A route must be able to bear that, by an
 * id or a condition in its own write.
 *
 * Errors: `idempotency-key-missing`, `invalid-request`, `idempotency-key-reused` (reject);
 * `request-in-progress`, `store-unavailable`, `outcome-unknown` (retry); what `handle` throws.
 * Source: draft-ietf-httpapi-idempotency-key-header-07, sections 2.5 to 2.7.
 *
 * @param store Powertools' own layer, or one that is fenced
 * @param metrics told of each request once: what became of its key
 */
export function keptAnswers(
  store: BasePersistenceLayer,
  metrics: Pick<IdempotencyMetrics, "count"> = noMetrics,
): KeptAnswers {
  const once = makeIdempotent(answered, {
    persistenceStore: store,
    keyPrefix: "http",
    config: new IdempotencyConfig({
      eventKeyJmesPath: "key",
      payloadValidationJmesPath: "payload",
      throwOnNoIdempotencyKey: true,
      expiresAfterSeconds: KEPT_SECONDS,
      hashFunction: "sha256",
    }),
  });
  return async (request) => {
    const run: Run = { request, hasRun: false };
    try {
      const answer = await once(identityOf(request.exchange), request.context, run);
      metrics.count(run.hasRun ? "misses" : "hits");
      return answer;
    } catch (error) {
      if (run.hasRun) metrics.count("misses");
      if (error instanceof NotKept) {
        metrics.count("released");
        return error.answer;
      }
      const failed = failureOf(error, run);
      const count = isFailure(failed) ? COUNTED[failed.code] : undefined;
      if (count !== undefined) metrics.count(count);
      else if (run.hasRun) metrics.count("released");
      throw failed;
    }
  };
}

/** What became of a key that was not answered for. */
const COUNTED: Partial<Record<Failure["code"], IdempotencyCount>> = {
  "idempotency-key-reused": "conflicts",
  "request-in-progress": "inProgress",
  // Handled, and nobody knows it: the caller's next try may be handled, too.
  "outcome-unknown": "lost",
};

type Run = { readonly request: KeptAnswersRequest; hasRun: boolean };

/** Thrown past Powertools, which deletes the record for it. */
class NotKept extends Error {
  override readonly name = "NotKept";
  readonly answer: APIGatewayProxyResult;

  constructor(answer: APIGatewayProxyResult) {
    super("An answer that is not kept");
    this.answer = answer;
  }
}

type Identity = { readonly key: readonly string[]; readonly payload: string };

async function answered(_identity: Identity, _context: Context, run: Run) {
  run.hasRun = true;
  const { handle, refusal } = run.request;
  const answer = await handle().catch((error: unknown) => {
    if (isFailure(error) && isLasting(error)) return refusal(error);
    throw error;
  });
  if (isServerError(answer.statusCode)) throw new NotKept(answer);
  return answer;
}

const isLasting = ({ code, action }: Failure): boolean =>
  action !== "retry" && !isServerError(statusOf(code));

function identityOf(exchange: Exchange): Identity {
  const { route } = routeOf(exchange).definition;
  const { path, query, body, rawBody } = exchange;
  return {
    key: [callerOf(exchange).id, route, idempotencyKey(exchange.headers)],
    payload: sha256Hex(canonicalJson({ path, query, body: body ?? rawBody })),
  };
}

function failureOf(error: unknown, { hasRun }: Run): unknown {
  if (error instanceof IdempotencyValidationError) {
    return failure(
      "idempotency-key-reused",
      "reject",
      "This Idempotency-Key stands for another request; use a new key for a new request.",
      error,
    );
  }
  if (
    error instanceof IdempotencyAlreadyInProgressError ||
    error instanceof IdempotencyInconsistentStateError
  ) {
    return failure(
      "request-in-progress",
      "retry",
      "A request with this Idempotency-Key is being handled; repeat it for its answer.",
      error,
    );
  }
  if (!(error instanceof IdempotencyPersistenceLayerError)) return error;
  return hasRun
    ? failure("outcome-unknown", "retry", "The answer could not be kept.", error)
    : failure("store-unavailable", "retry", "The key could not be looked up.", error);
}

const failure = (
  code: Failure["code"],
  action: Failure["action"],
  message: string,
  cause: unknown,
): Failure => new Failure(code, action, message, { cause });
