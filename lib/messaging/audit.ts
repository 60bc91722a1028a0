/**
 * The audit chain: one hash per stream that fixes which messages were applied, in which order, with
 * which content. A verifier needs the producer's log and nothing else.
 */
import { canonicalJson, sha256Hex } from "#kernel/hash";
import type { Message } from "./envelope.ts";

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

/** What the message says, whatever the order of its keys. */
const payloadHash = ({ type, data }: Message): string => sha256Hex(canonicalJson([type, data]));
