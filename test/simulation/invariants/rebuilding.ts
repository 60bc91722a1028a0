/**
 * 18: what the consumer built is what the library's own tools make of the producer's log and the
 * audit records: a state and a head rebuilt in two parts, and the chain in the head computed anew.
 */
import type { EpochMs } from "#kernel/units";
import { encodeHead } from "#messaging/head/head-codec";
import { failureOf, type Head, type Message, type StateAt } from "#messaging";
import { SOURCE } from "../messages.ts";
import { EFFECT_TYPE, foldSubject, type Log } from "../subjects.ts";
import type { AppliedEffect, StreamTruth } from "../truth.ts";
import type { Ending, Invariant, StreamEvidence, Verdict } from "./invariant.ts";

export const rebuilding: Invariant = {
  number: 18,
  onLookBack(ending) {
    for (const evidence of ending.evidence) {
      const verdict =
        verifies(evidence, ending) ?? isRebuilt(evidence, ending) ?? hasItsHead(evidence, ending);
      if (verdict !== undefined) return `stream ${evidence.truth.stream}: ${verdict}`;
    }
    return undefined;
  },
};

function verifies({ truth, records }: StreamEvidence, { publications, tools }: Ending): Verdict {
  const { head } = truth;
  if (head === undefined) return undefined;
  const log = logOf(truth, publications);
  const { kind } = tools.verifyAudit({ head, log, records });
  return kind === "verified" ? undefined : `its audit chain at ${head.last} is ${kind}`;
}

function isRebuilt({ truth, commits }: StreamEvidence, ending: Ending): Verdict {
  const { head, keepsFirst } = truth;
  if (head === undefined || keepsFirst) return undefined;
  const log = rebuilt(truth, ending);
  if (typeof log === "string") return log;
  const state = (head.state ?? { log: [] }) as Log;
  const appended = commits
    .flatMap(({ events }) => events.filter(({ type }) => type === EFFECT_TYPE))
    .map(({ data }) => data as unknown as AppliedEffect)
    .map(({ sequence, id, value }) => [sequence, id, value]);
  const built = JSON.stringify(ending.kind === "fold" ? state.log : appended);
  if (JSON.stringify(log) === built) return undefined;
  return `it holds ${built}; rebuilt from the log it is ${JSON.stringify(log)}`;
}

/** Apart from what is under way, and from what an effects handler alone knows. */
function hasItsHead(evidence: StreamEvidence, ending: Ending): Verdict {
  const { head } = evidence.truth;
  if (head === undefined) return undefined;
  try {
    const whole = headInParts(evidence, ending);
    // As heads are stored: that is how the truth has read them in the table.
    const rebuilt = { ...whole, version: 1, attemptId: "" };
    const asStored = JSON.parse(encodeHead(rebuilt)) as Head;
    const [stands, made] = [head, asStored].map((each) =>
      JSON.stringify(lasting(each, ending.kind)),
    );
    return stands === made ? undefined : `its head has ${stands}; rebuilt it has ${made}`;
  } catch (error) {
    return `its head cannot be rebuilt: ${failureOf(error).message}`;
  }
}

function headInParts({ truth, records }: StreamEvidence, { kind, ...ending }: Ending): Head {
  const { publications, tools, now } = ending;
  const { stream, effects, startedAfter, head } = truth;
  const handler = foldSubject({ now, onFailure: () => undefined, isOlder: false });
  const options = {
    stream,
    records,
    log: logOf(truth, publications),
    ...(startedAfter === 0 ? {} : { startedAfter }),
    ...(kind === "fold" ? { fold: { handler, now: now() as EpochMs } } : {}),
  };
  const half = effects[effects.length >> 1]?.sequence ?? startedAfter;
  const from = tools.rebuildHead({ ...options, upTo: half });
  return tools.rebuildHead({ ...options, from, upTo: head?.last ?? 0 });
}

function lasting(head: Head, kind: Ending["kind"]): unknown {
  const { last, audit, controls, violations, recent, skipped, newest, state } = head;
  const always = { last, audit, controls, violations };
  return kind === "fold" ? { ...always, recent, skipped, newest, state } : always;
}

/** In words: why it could not be. */
function rebuilt(truth: StreamTruth, ending: Ending): Log["log"] | string {
  try {
    return inParts(truth, ending).log;
  } catch (error) {
    return `its state cannot be rebuilt: ${failureOf(error).message}`;
  }
}

/** Over what was left out no state can be rebuilt: it goes on behind it. */
function inParts(truth: StreamTruth, { publications, tools, now }: Ending): Log {
  const { startedAfter, head, skipped } = truth;
  const last = head?.last ?? 0;
  const handler = foldSubject({ now, onFailure: () => undefined, isOlder: false });
  const log = logOf(truth, publications).map((message) => ({
    ...message,
    ...truth.replaced.get(message.sequence),
  }));
  const options = { now: now() as EpochMs };
  const gaps = skipped.toSorted((a, b) => a.from - b.from);
  let at: StateAt<Log> = { state: handler.initial, sequence: startedAfter };
  for (const { from, to } of [...gaps, { from: last + 1, to: last }]) {
    const half = at.sequence + ((from - 1 - at.sequence) >> 1);
    at = tools.rebuild(handler, log, { ...options, from: at, upTo: half });
    at = tools.rebuild(handler, log, { ...options, from: at, upTo: from - 1 });
    at = { ...at, sequence: to };
  }
  return at.state;
}

/** What was applied, as it was sent. */
const logOf = (
  { stream, effects }: StreamTruth,
  publications: Ending["publications"],
): readonly Message[] =>
  effects.flatMap(({ sequence, id }) => {
    const sent = publications.at(stream, sequence).find((publication) => publication.id === id);
    if (sent === undefined) return [];
    const time = sent.time === undefined ? {} : { time: sent.time as EpochMs };
    return [{ id, source: SOURCE, type: sent.type, stream, sequence, data: sent.data, ...time }];
  });
