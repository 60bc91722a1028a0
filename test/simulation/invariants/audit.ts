/**
 * 18: the audit chain in the head is what its rule makes of the producer's log and the audited
 * skips. Computed here from the rule's text, not with the library's functions.
 */
import { hash } from "node:crypto";
import type { Publications } from "../publication.ts";
import { covers, positionBefore, type StreamWrite, skipsOf, type StreamTruth } from "../truth.ts";
import type { Invariant, Verdict } from "./invariant.ts";

export const audit: Invariant = { number: 18, onWrite: continuesTheChain };

const sha256 = (text: string): string => hash("sha256", text);

export const chainStart = (stream: string): string => sha256(`audit ${stream}`);

function continuesTheChain(write: StreamWrite): Verdict {
  const { truth, after, effects, records, publications } = write;
  if (after === undefined) return undefined;
  const skips = skipsOf(records);
  let chain = chainBefore(write);
  let last = positionBefore(write);
  const overSkips = (): void => {
    for (const { from, to } of skips) {
      if (from !== last + 1) continue;
      chain = sha256(JSON.stringify([chain, "skipped", from, to]));
      last = to;
    }
  };
  overSkips();
  for (const { sequence, id } of effects) {
    const payload = payloadHash(truth, sequence, id, publications);
    chain = sha256(JSON.stringify([chain, sequence, id, payload]));
    last = sequence;
    if (covers(skips, last + 1)) overSkips();
  }
  truth.audit = chain;
  if (after.audit === chain) return undefined;
  return `stream ${truth.stream}: the audit chain at ${after.last} is not that of what was applied`;
}

/** That of a stream that begins in its middle says where. */
function chainBefore(write: StreamWrite): string {
  const { truth, begunAfter = 0, rewoundFrom } = write;
  const isAnew = begunAfter > 0 || rewoundFrom !== undefined;
  if (!isAnew) return truth.audit;
  const [start, from] = [chainStart(truth.stream), positionBefore(write)];
  return from === 0 ? start : sha256(JSON.stringify([start, "began after", from]));
}

function payloadHash(
  { stream, replaced }: StreamTruth,
  sequence: number,
  id: string,
  publications: Publications,
): string {
  const sent = publications.at(stream, sequence).find((publication) => publication.id === id);
  const { type = "", data = {} } = replaced.get(sequence) ?? sent ?? {};
  const sorted = Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sha256(JSON.stringify([type, sorted]));
}
