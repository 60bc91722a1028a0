/**
 * The audit chain: one hash per stream that fixes which messages were applied, in which order, with
 * which content. A verifier needs the producer's log and nothing else.
 */
import { canonicalJson, sha256Hex } from "#kernel/hash";
import type { Message } from "../envelope/envelope.ts";
import type { SequenceRange } from "../head/head.ts";

/**
 * Where a stream's chain begins. Bound to its name, so that one stream's chain cannot pass for
 * another's.
 */
export const auditStart = (stream: string): string => sha256Hex(`audit ${stream}`);

/**
 * H(previous, sequence, id, payload hash), each part delimited as JSON so that no two inputs have
 * one text.
 */
export const auditNext = (previous: string, message: Message): string =>
  sha256Hex(JSON.stringify([previous, message.sequence, message.id, payloadHash(message)]));

/** A range that a decision left out is part of the chain: it was not applied, and that is known. */
export const auditSkip = (previous: string, { from, to }: SequenceRange): string =>
  sha256Hex(JSON.stringify([previous, "skipped", from, to]));

/** A chain that begins in the middle of its stream says where. */
export const auditBegin = (stream: string, startedAfter: number): string =>
  startedAfter === 0
    ? auditStart(stream)
    : sha256Hex(JSON.stringify([auditStart(stream), "began after", startedAfter]));

/** What the message says, whatever the order of its keys. */
const payloadHash = ({ type, data }: Message): string => sha256Hex(canonicalJson([type, data]));
