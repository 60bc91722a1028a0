/**
 * Where a message stands against its stream's head. Pure; what is done about it is the plan's
 * business.
 */
import { sha256Hex } from "#kernel/hash";
import type { Message } from "../envelope/envelope.ts";
import type { Head, ParkedMessage } from "./head.ts";

export type Classification =
  /** Its sequence follows the last applied one. */
  | { readonly kind: "next" }
  /** Applied or parked already. */
  | { readonly kind: "duplicate" }
  /** From before the place where this consumer began the stream. */
  | { readonly kind: "before-start" }
  /** A decision had left it out. */
  | { readonly kind: "late"; readonly expected: string; readonly actual: string }
  /** It follows the end of its stream. */
  | { readonly kind: "after-close"; readonly expected: string; readonly actual: string }
  /** A predecessor is missing. */
  | { readonly kind: "early" }
  /** Its sequence belongs to a message with another id: two senders number one stream. */
  | { readonly kind: "conflict"; readonly expected: string; readonly actual: string }
  /**
   * It came through another partition than its stream's, so nothing orders it against its
   * neighbours.
   */
  | { readonly kind: "partition-mismatch"; readonly expected: string; readonly actual: string };

/**
 * How the head remembers a message: the first 16 hex digits of the SHA-256 of its source and its
 * id, which only together are unique.
 * Source: CloudEvents 1.0, "id".
 */
export const idHash = ({ source, id }: Pick<Message, "source" | "id">): string =>
  sha256Hex(JSON.stringify([source, id])).slice(0, 16);

/**
 * @param group the partition it came through; @param groupExpected the partition that its stream is
 * routed to.
 */
export function classify(
  head: Head,
  message: Message,
  group: string,
  groupExpected: string,
): Classification {
  if (group !== groupExpected) {
    return {
      kind: "partition-mismatch",
      expected: `partition ${JSON.stringify(groupExpected)}`,
      actual: `partition ${JSON.stringify(group)}`,
    };
  }
  if (message.sequence <= head.last) return againstApplied(head, message);
  const parked = head.parked.find(({ sequence }) => sequence === message.sequence);
  if (parked !== undefined) return againstParked(parked, message);
  const { called } = head;
  if (called?.sequence === message.sequence && called.hash !== idHash(message)) {
    return {
      kind: "conflict",
      expected: `sequence ${message.sequence} was called for by a message with hash ${called.hash}`,
      actual: nameOf(message),
    };
  }
  if (head.closed) {
    return {
      kind: "after-close",
      expected: `no message after sequence ${head.last}, which closed the stream`,
      actual: `sequence ${message.sequence}, id ${JSON.stringify(message.id)}`,
    };
  }
  return { kind: message.sequence === head.last + 1 ? "next" : "early" };
}

/**
 * Older than the remembered ones: a duplicate, since the position alone says that its sequence was
 * applied.
 */
function againstApplied(head: Head, message: Message): Classification {
  const { sequence, id } = message;
  if (sequence <= (head.startedAfter ?? 0)) return { kind: "before-start" };
  const left = head.skipped.find(({ from, to }) => from <= sequence && sequence <= to);
  if (left !== undefined) {
    return {
      kind: "late",
      expected: `sequences ${left.from} to ${left.to} were left out by a decision`,
      actual: `sequence ${sequence}, id ${JSON.stringify(id)}`,
    };
  }
  const applied = head.recent.find((entry) => entry.sequence === sequence);
  if (applied === undefined) return { kind: "duplicate" };
  if (applied.hash === idHash(message)) return { kind: "duplicate" };
  return {
    kind: "conflict",
    expected: `sequence ${sequence} was applied from a message with hash ${applied.hash}`,
    actual: nameOf(message),
  };
}

function againstParked(parked: ParkedMessage, message: Message): Classification {
  if (parked.hash === idHash(message)) return { kind: "duplicate" };
  return {
    kind: "conflict",
    expected: `sequence ${message.sequence} is held by a message with hash ${parked.hash}`,
    actual: nameOf(message),
  };
}

const nameOf = (message: Message): string => {
  const { id, source } = message;
  const named = `id ${JSON.stringify(id)} of source ${JSON.stringify(source)}`;
  return `${named} with hash ${idHash(message)}`;
};
