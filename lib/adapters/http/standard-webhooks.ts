/**
 * Standard Webhooks 1.0: how a webhook is signed by its sender and checked by its receiver.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { WEBHOOK_TOLERANCE_SECONDS } from "#contracts/http/webhooks";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";

export type OutgoingWebhook = {
  /** The same on every repetition of the message; without a full stop. */
  readonly id: string;
  readonly sentAt: EpochMs;
  /** Exactly the bytes that will be sent, as text. */
  readonly body: string;
  readonly secret: string;
  /** Still signed with while receivers change over: each adds a signature to the header. */
  readonly formerSecrets?: readonly string[];
};

export type IncomingWebhook = {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Exactly the bytes received, as text. */
  readonly rawBody: string;
  readonly secret: string;
  readonly now: EpochMs;
};

/** A fresh secret in the form that receivers know: `whsec_` and base64, here of 32 bytes. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString("base64")}`;

/** The headers to send. Errors: `misconfigured` (reject) for a secret of another form. */
export function signWebhook({ id, sentAt, body, secret, formerSecrets = [] }: OutgoingWebhook) {
  const timestamp = String(Math.floor(sentAt / 1000));
  const signatures = [secret, ...formerSecrets].map((one) => signatureOf(one, id, timestamp, body));
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}

/**
 * Errors, all `reject`: `invalid-signature` when a header is missing or no signature fits,
 * `stale-timestamp` when it was signed too long before (or after) `now`, `misconfigured` for our
 * own secret.
 */
export function verifyWebhook({ headers, rawBody, secret, now }: IncomingWebhook): void {
  const id = headers["webhook-id"] ?? "";
  const timestamp = headers["webhook-timestamp"] ?? "";
  const signatures = headers["webhook-signature"] ?? "";
  if (id === "" || signatures === "" || !TIMESTAMP.test(timestamp)) {
    throw invalid("webhook-id, webhook-timestamp (seconds) and webhook-signature are all needed");
  }
  const expected = signatureOf(secret, id, timestamp, rawBody);
  if (!signatures.split(" ").slice(0, SIGNATURES_MAX).some(fits(expected))) {
    throw invalid("none of the v1 signatures fits this id, timestamp and body");
  }
  refuseStale(Number(timestamp), now);
}

const TIMESTAMP = /^\d{1,12}$/;
/** A sender who rotates its secret signs with both; more than a few is no sender of ours. */
const SIGNATURES_MAX = 8;

function refuseStale(timestampSeconds: number, now: EpochMs): void {
  const awaySeconds = Math.abs(Math.floor(now / 1000) - timestampSeconds);
  if (awaySeconds <= WEBHOOK_TOLERANCE_SECONDS) return;
  throw new Failure(
    "stale-timestamp",
    "reject",
    `webhook-timestamp is ${awaySeconds} s away from now; at most ${WEBHOOK_TOLERANCE_SECONDS}.`,
  );
}

/**
 * Signatures of other versions (`v1a` is asymmetric) are passed over, as the specification asks.
 * The comparison's time does not tell where two begin to differ.
 */
const fits =
  (expected: string) =>
  (signature: string): boolean => {
    const [one, other] = [Buffer.from(signature), Buffer.from(expected)];
    return one.length === other.length && timingSafeEqual(one, other);
  };

function signatureOf(secret: string, id: string, timestamp: string, body: string): string {
  const mac = createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`, "utf8");
  return `v1,${mac.digest("base64")}`;
}

/**
 * `whsec_` and base64 of 24 to 64 bytes; the prefix may be missing, as generated secrets have none.
 */
function keyOf(secret: string): Buffer {
  const text = secret.trim().replace(/^whsec_/, "");
  const key = Buffer.from(text, "base64");
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  if (isBase64 && key.length >= 24 && key.length <= 64) return key;
  throw new Failure(
    "misconfigured",
    "reject",
    "A webhook secret is whsec_ and the base64 of 24 to 64 bytes; the configured one is not.",
  );
}

const invalid = (detail: string): Failure =>
  new Failure("invalid-signature", "reject", `The webhook's signature is not valid: ${detail}.`);
