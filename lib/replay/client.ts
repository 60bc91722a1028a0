/**
 * An HTTP client that behaves as a good one does: bounded concurrency, a time limit for every
 * request, and after a 429, a 5xx or a lost answer the same request again, with the same key,
 * backing off with full jitter.
 */
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import type { Rng } from "#kernel/rng";
import { type DurationMs, milliseconds } from "#kernel/units";
import { requestText } from "#adapters/http/request-text";
import { turnstile } from "./concurrency.ts";

export type ApiRequest = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
  /**
   * Asked for at every attempt: a signature carries the time of sending. Keys must stay the same.
   */
  readonly headers?: () => Promise<Readonly<Record<string, string>>>;
};

export type ApiAnswer = { readonly status: number; readonly text: string };

export type ClientSettings = {
  /** Requests on their way at the same time. */
  readonly concurrency: number;
  readonly timeoutMs: number;
  /** Attempts of one request, the first one included. */
  readonly attemptsMax: number;
  /** Upper bound of the first wait; each further one is twice as long, up to the cap. */
  readonly backoffMs: number;
  readonly backoffCapMs: number;
};

export type ClientProps = {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly clock: Clock;
  /** Milliseconds that only ever grow, with fractions. */
  readonly stopwatch: () => number;
  readonly rng: Rng;
  readonly settings?: Partial<ClientSettings>;
};

export type ApiClient = {
  /**
   * A 2xx answer. Throws `Failure`: `invalid-request` (reject) for any other answer below 500 but
   * 429, which is never repeated; `outcome-unknown` (retry) when the last attempt failed as well.
   */
  send(request: ApiRequest): Promise<ApiAnswer>;
  /** Milliseconds of every answered attempt so far. */
  readonly latencies: readonly number[];
};

const DEFAULTS: ClientSettings = {
  concurrency: 8,
  timeoutMs: 30_000,
  attemptsMax: 8,
  backoffMs: 100,
  backoffCapMs: 5_000,
};

/** What API Gateway sends at most. */
const ANSWER_BYTES_MAX = 10 * 1024 * 1024;

/** RFC 9110 section 10.2.3; a server that asks for more is taken at its word only so far. */
const RETRY_AFTER_MAX_SECONDS = 60;

export function httpClient(props: ClientProps): ApiClient {
  const settings = { ...DEFAULTS, ...props.settings };
  const inTurn = turnstile(settings.concurrency);
  const latencies: number[] = [];

  const attempt = async (request: ApiRequest): Promise<Attempt> => {
    const headers = (await request.headers?.()) ?? {};
    return await inTurn(async () => {
      const startedAt = props.stopwatch();
      const answer = await exchange(`${props.baseUrl}${request.path}`, request, {
        headers,
        timeoutMs: settings.timeoutMs,
      });
      if (answer.kind === "answered") latencies.push(props.stopwatch() - startedAt);
      return answer;
    });
  };

  const send = async (request: ApiRequest): Promise<ApiAnswer> => {
    for (let attempts = 1; ; attempts += 1) {
      const answer = await attempt(request);
      const verdict = verdictOf(answer);
      if (verdict === "good" && answer.kind === "answered") return answer;
      if (verdict === "refused") throw refused(request, answer);
      if (attempts >= settings.attemptsMax) throw givenUp(request, answer, attempts);
      const backoff = fullJitter(settings, attempts, props.rng);
      await props.clock.sleep(milliseconds(Math.max(backoff, retryAfterMs(answer))));
    }
  };

  return { send, latencies };
}

type Attempt =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly text: string;
      readonly retryAfter: string | undefined;
    }
  /** Nobody knows whether the request took effect. */
  | { readonly kind: "lost"; readonly reason: string };

async function exchange(
  url: string,
  { method, body }: ApiRequest,
  sending: { readonly headers: Readonly<Record<string, string>>; readonly timeoutMs: number },
): Promise<Attempt> {
  try {
    const answerBytesMax = ANSWER_BYTES_MAX;
    const answer = await requestText({ method, url, body, ...sending, answerBytesMax });
    const { status, text, headers } = answer;
    return { kind: "answered", status, text, retryAfter: headers["retry-after"] };
  } catch (error) {
    return { kind: "lost", reason: reasonOf(error) };
  }
}

function verdictOf(answer: Attempt): "good" | "refused" | "again" {
  if (answer.kind === "lost" || answer.status === 429 || answer.status >= 500) return "again";
  return answer.status >= 200 && answer.status < 300 ? "good" : "refused";
}

/** A number in [0, bound): clients that failed together do not come back together. */
function fullJitter(settings: ClientSettings, attempts: number, rng: Rng): DurationMs {
  const bound = Math.min(settings.backoffCapMs, settings.backoffMs * 2 ** (attempts - 1));
  return milliseconds(rng.next() * bound);
}

/** Seconds; the form with a date is not used by the servers meant here and counts as absent. */
function retryAfterMs(answer: Attempt): DurationMs {
  const text = answer.kind === "answered" ? answer.retryAfter : undefined;
  if (text === undefined || !/^\d{1,6}$/.test(text)) return milliseconds(0);
  return milliseconds(Math.min(Number(text), RETRY_AFTER_MAX_SECONDS) * 1000);
}

const refused = (request: ApiRequest, answer: Attempt): Failure =>
  new Failure("invalid-request", "reject", `${named(request)} was refused: ${shown(answer)}`);

const givenUp = (request: ApiRequest, answer: Attempt, attempts: number): Failure =>
  new Failure(
    "outcome-unknown",
    "retry",
    `${named(request)} got no answer in ${attempts} attempts; the last one: ${shown(answer)}`,
  );

const named = ({ method, path }: ApiRequest): string => `${method} ${path}`;

const SHOWN_CHARACTERS_MAX = 500;

const shown = (answer: Attempt): string =>
  answer.kind === "lost"
    ? answer.reason
    : `${answer.status} ${answer.text.slice(0, SHOWN_CHARACTERS_MAX)}`;

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Where several addresses were tried in vain, Node tells no more than the code.
  return error.message || ("code" in error ? String(error.code) : error.name);
}
