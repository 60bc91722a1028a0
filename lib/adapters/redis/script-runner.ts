/**
 * Runs scripts by their digest, and says what an error means: nothing was written, or nobody knows.
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import {
  ClientClosedError,
  ClientOfflineError,
  ErrorReply,
  RESP_TYPES,
  type RedisArgument,
} from "@redis/client";
import { Failure, isFailure } from "#kernel/failure";

type ScriptInput = { keys: RedisArgument[]; arguments: RedisArgument[] };

type ScriptCalls = {
  eval(script: string, input: ScriptInput): Promise<unknown>;
  evalSha(sha1: string, input: ScriptInput): Promise<unknown>;
};

/** As much of a client, a pool or a cluster as is needed. */
export type RedisConnection = {
  withTypeMapping(mapping: { readonly [RESP_TYPES.BLOB_STRING]: typeof Buffer }): ScriptCalls;
};

export type RunScript = (
  script: string,
  key: string,
  values: readonly RedisArgument[],
) => Promise<unknown>;

/**
 * Texts are answered as bytes. Errors: `Failure` (retry) with `store-throttled` or
 * `store-unavailable` (nothing was written), `outcome-unknown` for everything else.
 */
export function scriptRunner(connection: RedisConnection, requestMsMax: number): RunScript {
  const calls = connection.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  return async (script, key, values) => {
    const input = { keys: [key], arguments: [...values] };
    try {
      return await within(requestMsMax, calls.evalSha(digestOf(script), input)).catch(
        (error: unknown) => {
          if (!isUnknownScript(error)) throw error;
          return within(requestMsMax, calls.eval(script, input));
        },
      );
    } catch (error) {
      throw redisFailure(error);
    }
  };
}

const digests = new Map<string, string>();

/** SHA-1, as Redis names scripts: a name, and no protection. */
function digestOf(script: string): string {
  const known = digests.get(script);
  if (known !== undefined) return known;
  const digest = createHash("sha1").update(script).digest("hex");
  digests.set(script, digest);
  return digest;
}

/** The script is not there: the server is new, restarted or another one. It has done nothing. */
const isUnknownScript = (error: unknown): boolean =>
  error instanceof ErrorReply && error.message.startsWith("NOSCRIPT");

async function within<Answer>(ms: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const failure = new Failure("outcome-unknown", "retry", `Redis was silent for ${ms} ms.`);
    timer = setTimeout(() => reject(failure), ms);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Source: "Redis serialization protocol", errors begin with a word for their kind. */
const BUSY = /^(?:BUSY|LOADING|TRYAGAIN|OOM)\b/;

/** These scripts write only after all they read has been as they need it. */
function redisFailure(error: unknown): Failure {
  if (isFailure(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof ErrorReply) {
    const code = BUSY.test(text) ? "store-throttled" : "store-unavailable";
    return new Failure(code, "retry", `Redis refused: ${text}`, { cause: error });
  }
  if (error instanceof ClientClosedError || error instanceof ClientOfflineError) {
    const message = `Redis was not asked: ${text}`;
    return new Failure("store-unavailable", "retry", message, { cause: error });
  }
  return new Failure("outcome-unknown", "retry", `Redis gave no answer: ${text}`, { cause: error });
}
