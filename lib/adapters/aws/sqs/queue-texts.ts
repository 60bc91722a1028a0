/**
 * Which texts SQS takes as a message group, a deduplication id, and an attribute's value.
 */
import { sha256Hex } from "#kernel/hash";

/**
 * Letters, digits and ASCII punctuation (SendMessage, "MessageGroupId" and
 * "MessageDeduplicationId").
 */
const TOKEN = /^[\x21-\x7e]{1,128}$/;

/** A group decides the order, so it is used as it is or not at all. */
export const isMessageGroup = (text: string): boolean => TOKEN.test(text);

/**
 * An id only has to be the same for the same message, so one that SQS would refuse is replaced by
 * its hash.
 */
export const deduplicationId = (text: string): string =>
  TOKEN.test(text) ? text : sha256Hex(text);

/**
 * Everything but what XML 1.0 can carry is replaced, lone surrogates included (SendMessage,
 * "MessageBody").
 */
export const attributeText = (text: string, charactersMax: number): string =>
  text.slice(0, charactersMax).toWellFormed().replace(UNPRINTABLE, "\uFFFD") || "none";

/** As many of its characters as fit, whole ones. */
export function startWithin(text: string, utf8BytesMax: number): string {
  let [bytes, end] = [0, 0];
  for (const character of text) {
    bytes += Buffer.byteLength(character, "utf8");
    if (bytes > utf8BytesMax) break;
    end += character.length;
  }
  return text.slice(0, end);
}

const UNPRINTABLE = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
