/**
 * Control messages: how operators, the sweep and redelivery act on a stream without writing its
 * head. They travel through the stream's own message group, so the consumer stays the only writer
 * and every decision has its turn, its author and its reason.
 */
import { isJsonObject, type JsonObject } from "#kernel/json";
import type { ControlEnvelope } from "../envelope/envelope.ts";

export const CONTROL_TYPE_PREFIX = "inorder.control.";

type ControlBase = {
  /** The request's own id: a control message is decided once, however often it is delivered. */
  readonly id: string;
  readonly stream: string;
  /** Who decided, as the audit log shall say it. 1 to 200 characters. */
  readonly author: string;
  /** 1 to 500 characters. */
  readonly reason: string;
};

export type Control = ControlBase &
  (
    | /** The halted stream tries again, from the message that halted it. */ {
        readonly kind: "retry";
        readonly sequence: number;
      }
    /** Goes on behind `sequence`: the message that halted the stream, or missing ones up to it. */
    | { readonly kind: "skip"; readonly sequence: number }
    /** Goes on with other content in the place of the message that halted the stream. */
    | {
        readonly kind: "replace";
        readonly sequence: number;
        readonly type?: string;
        readonly data: JsonObject;
      }
    /** A fold forgets its state and its position; the stream has to be sent again from 1. */
    | { readonly kind: "rewind" }
    /** Nothing but an occasion: a deadline has passed, or a drain has to go on. */
    | { readonly kind: "tick" }
  );

export type Decision = Exclude<Control, { readonly kind: "tick" }>;

const AUTHOR_LENGTH_MAX = 200;
const REASON_LENGTH_MAX = 500;

/**
 * A control message as it travels: sent to the group of the stream that it is about, with a
 * deduplication id of its own. Nothing is checked here; `encode` refuses what says too little.
 *
 * @param source CloudEvents `source`: which tool or service it comes from.
 */
export function controlEnvelope(control: Control, source: string): ControlEnvelope {
  const { id, stream, kind, author, reason, ...about } = control;
  return {
    specversion: "1.0",
    id,
    source,
    type: `${CONTROL_TYPE_PREFIX}${kind}`,
    datacontenttype: "application/json",
    partitionkey: stream,
    data: { author, reason, ...about },
  };
}

/** Answers the control message, or in words what is wrong with it. */
export function controlOf(envelope: ControlEnvelope): Control | string {
  const kind = envelope.type.slice(CONTROL_TYPE_PREFIX.length);
  const { author, reason, sequence, type, data, ...unknown } = envelope.data;
  const [surplus] = Object.keys(unknown);
  if (surplus !== undefined) return `data of a control message has no "${surplus}"`;
  if (!isTextUpTo(author, AUTHOR_LENGTH_MAX)) {
    return `"author" must be a text of 1 to ${AUTHOR_LENGTH_MAX} characters`;
  }
  if (!isTextUpTo(reason, REASON_LENGTH_MAX)) {
    return `"reason" must be a text of 1 to ${REASON_LENGTH_MAX} characters`;
  }
  const base = { id: envelope.id, stream: envelope.partitionkey, author, reason };
  switch (kind) {
    case "tick":
    case "rewind":
      return sequence === undefined && type === undefined && data === undefined
        ? { ...base, kind }
        : `a ${kind} has neither "sequence" nor "type" nor "data"`;
    case "retry":
    case "skip":
      if (!isSequence(sequence)) return `"sequence" of a ${kind} must be an integer >= 1`;
      return type === undefined && data === undefined
        ? { ...base, kind, sequence }
        : `a ${kind} has neither "type" nor "data"`;
    case "replace":
      if (!isSequence(sequence)) return `"sequence" of a replace must be an integer >= 1`;
      if (!isJsonObject(data)) return `"data" of a replace must be a JSON object`;
      if (type === undefined) return { ...base, kind, sequence, data };
      return isTextUpTo(type, REASON_LENGTH_MAX)
        ? { ...base, kind, sequence, type, data }
        : `"type" of a replace must be a text of 1 to ${REASON_LENGTH_MAX} characters`;
    default:
      return `control messages are retry, skip, replace, rewind and tick; received "${kind}"`;
  }
}

const isTextUpTo = (value: unknown, lengthMax: number): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= lengthMax;

const isSequence = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 1;
