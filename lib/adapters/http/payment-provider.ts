/**
 * The payment provider over HTTP. Every request carries the step's key, so that the provider can
 * tell a repetition from a new request, and ends within a timeout, after which only a look-up
 * tells what happened.
 */
import {
  type AuthoriseBody,
  authoriseBody,
  providerLookup,
  type ProviderPayment as ProviderAnswer,
  providerPayment,
  type RefundBody,
} from "#contracts/http/provider";
import { Failure } from "#kernel/failure";
import type { DurationMs } from "#kernel/units";
import type { PaymentProvider, ProviderPayment } from "#services/payments/ports";
import { requestText } from "./request-text.ts";

export type HttpPaymentProviderProps = {
  /** Base address, without a trailing slash. */
  readonly baseUrl: string;
  /** Asked for at every request, so it may be rotated. */
  readonly apiKey: () => Promise<string>;
  /** Of one request, from connecting to the last byte of the answer. */
  readonly timeout: DurationMs;
};

type Request = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly key?: string;
  readonly body?: string;
};

/** A schema of the contract, as far as it is needed here. */
type Schema<Answer> = {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: Answer }
    | { readonly success: false; readonly error: Error };
};

const ANSWER_BYTES_MAX = 65_536;
/**
 * A kept connection may have died while the function was frozen: then the same request goes out
 * once more.
 */
const SENDS_MAX = 2;

/** Node's codes for a connection that never came to be: nothing was sent. */
const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
const CONNECTION_LOST = new Set(["ECONNRESET", "EPIPE"]);
/** Refused for the moment and not carried out: RFC 9110 15.5.9, RFC 8470 5.2, RFC 6585 4. */
const COME_BACK_STATUSES = new Set([408, 425, 429]);

export function httpPaymentProvider(props: HttpPaymentProviderProps): PaymentProvider {
  const post = async (path: string, key: string, content?: unknown): Promise<ProviderPayment> => {
    const body = content === undefined ? {} : { body: JSON.stringify(content) };
    return paymentOf(
      await exchange(props, { method: "POST", path, key, ...body }, providerPayment),
    );
  };

  return {
    authorise: async ({ key, orderId, amount, currency }) =>
      await post("/payments", key, checked({ amount, currency, reference: orderId })),
    capture: (paymentId, key) => post(`/payments/${encodeURIComponent(paymentId)}/capture`, key),
    void: (paymentId, key) => post(`/payments/${encodeURIComponent(paymentId)}/void`, key),
    refund: ({ paymentId, amount, key }) => {
      const body: RefundBody = { amount };
      return post(`/payments/${encodeURIComponent(paymentId)}/refunds`, key, body);
    },
    async lookup(key) {
      const path = `/payments?key=${encodeURIComponent(key)}`;
      const { payment } = await exchange(props, { method: "GET", path }, providerLookup);
      return payment && paymentOf(payment);
    },
  };
}

/** What the provider would refuse is not sent. */
function checked(body: AuthoriseBody): AuthoriseBody {
  if (authoriseBody.safeParse(body).success) return body;
  throw new Failure(
    "provider-refused",
    "reject",
    `No provider takes ${body.amount} ${body.currency} for ${body.reference}: an amount is a ` +
      "whole number of minor units from 1, a currency three capital letters.",
  );
}

const paymentOf = ({
  paymentId,
  status,
  amount,
  currency,
  refunded,
}: ProviderAnswer): ProviderPayment => ({ paymentId, status, amount, currency, refunded });

async function exchange<Answer>(
  props: HttpPaymentProviderProps,
  request: Request,
  schema: Schema<Answer>,
): Promise<Answer> {
  const what = `${request.method} ${request.path}`;
  const { status, text, sends } = await send(props, request, what);
  if (status >= 500) throw unknown(what, `it answered ${status}`);
  if (COME_BACK_STATUSES.has(status)) throw unavailable(what, `it answered ${status}`);
  if (status < 200 || status >= 300) {
    // What is refused is the last sending: an earlier one may have been carried out.
    if (sends > 1) throw unknown(what, `sent again, it answered ${status}`);
    throw new Failure(
      "provider-refused",
      "reject",
      `The provider refused ${what} with ${status}: ${text.slice(0, 500)}`,
    );
  }
  const answer = schema.safeParse(parsed(text));
  if (!answer.success) throw unknown(what, "its answer cannot be read", answer.error);
  return answer.data;
}

async function send(
  { baseUrl, apiKey, timeout }: HttpPaymentProviderProps,
  { method, path, key, body }: Request,
  what: string,
): Promise<{ readonly status: number; readonly text: string; readonly sends: number }> {
  const headers = {
    accept: "application/json",
    authorization: `Bearer ${await apiKey()}`,
    ...(key === undefined ? {} : { "idempotency-key": key }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  const url = `${baseUrl}${path}`;
  const limits = { timeoutMs: timeout, answerBytesMax: ANSWER_BYTES_MAX };
  for (let sends = 1; ; sends += 1) {
    try {
      return { ...(await requestText({ method, url, headers, body, ...limits })), sends };
    } catch (error) {
      const code = codeOf(error);
      if (NEVER_CONNECTED.has(code)) throw unavailable(what, code, error);
      if (!CONNECTION_LOST.has(code) || sends >= SENDS_MAX) throw unknown(what, code, error);
    }
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const unknown = (what: string, why: string, cause?: unknown): Failure =>
  new Failure(
    "outcome-unknown",
    "retry",
    `The provider's answer to ${what} is lost (${why}); look the request up by its key.`,
    { cause },
  );

const unavailable = (what: string, why: string, cause?: unknown): Failure =>
  new Failure("provider-unavailable", "retry", `The provider did not take ${what} (${why}).`, {
    cause,
  });
