/**
 * Data that is too large for a queue travels as a claim check: a reference with checksum and size.
 */
import { Failure } from "#kernel/failure";
import { sha256Hex } from "#kernel/hash";
import { type JsonObject, parseJsonObject } from "#kernel/json";
import type { ClaimCheck, Envelope, Message, SentEnvelope } from "./envelope.ts";
import { jsonBytes, utf8Bytes } from "./size.ts";

/**
 * Bytes of JSON. 1 MiB: what SQS itself takes at most, so that a claim check never hides an
 * unbounded payload. Source: "Amazon SQS message quotas".
 */
export const CLAIMED_BYTES_MAX = 1_048_576;

/**
 * Contract (`test/contract/claim-check-store-contract.ts`): `put` resolves when the text is durable
 * and answers its reference; the same text may be put again. `get` answers what was put, or
 * undefined when nothing is there; it reads at most `bytesMax`. Errors: `Failure`
 * `store-unavailable` (retry).
 */
export type ClaimCheckStore = {
  put(text: string): Promise<string>;
  get(ref: string, bytesMax: number): Promise<string | undefined>;
};

/**
 * Stores an envelope's data when it alone, as JSON, is larger than `inlineBytesMax` bytes.
 * Source: CloudEvents extension "Dataref (Claim Check Pattern)".
 *
 * @param inlineBytesMax of the data alone: a queue's bound is that of the whole envelope, so leave
 * room for its attributes.
 * @throws Failure `payload-too-large` (reject) above `CLAIMED_BYTES_MAX`; nothing is stored then.
 */
export async function checkedIn(
  envelope: Envelope,
  store: ClaimCheckStore,
  inlineBytesMax: number,
): Promise<SentEnvelope> {
  const { data, ...attributes } = envelope;
  const bytes = jsonBytes(data);
  if (bytes <= inlineBytesMax) return envelope;
  if (bytes > CLAIMED_BYTES_MAX) {
    throw new Failure(
      "payload-too-large",
      "reject",
      `The data of envelope ${JSON.stringify(envelope.id)} has ${bytes} bytes; ` +
        `a claim check stands for at most ${CLAIMED_BYTES_MAX}.`,
    );
  }
  const text = JSON.stringify(data);
  const dataref = await store.put(text);
  return { ...attributes, dataref, datasha256: sha256Hex(text), datasize: bytes };
}

/**
 * The message with its data.
 *
 * @throws Failure `store-unavailable` (retry) when nothing is there yet; `malformed-message` (halt)
 * when what is there is not what was checked in.
 */
export async function redeemed(
  message: Message,
  claimCheck: ClaimCheck,
  store: ClaimCheckStore,
): Promise<Message> {
  const { claimCheck: _, ...rest } = message;
  const text = await store.get(claimCheck.ref, claimCheck.bytes);
  const named = `The data of message ${JSON.stringify(message.id)} at ${claimCheck.ref}`;
  if (text === undefined) throw new Failure("store-unavailable", "retry", `${named} is not there.`);
  return { ...rest, data: verified(text, claimCheck, named) };
}

function verified(text: string, { sha256, bytes }: ClaimCheck, named: string): JsonObject {
  const isWhole = utf8Bytes(text) === bytes && sha256Hex(text) === sha256;
  const data = isWhole ? parseJsonObject(text) : undefined;
  if (data !== undefined) return data;
  const cause = isWhole
    ? "is no JSON object"
    : "is not what was checked in: size or checksum differ";
  throw new Failure("malformed-message", "halt", `${named} ${cause}.`);
}
