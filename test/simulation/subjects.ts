/**
 * The handlers whose effects are judged, one of each kind. What each records is simple enough to
 * be compared with what was sent.
 */
import { Failure } from "#kernel/failure";
import { milliseconds } from "#kernel/units";
import {
  type AppendWrite,
  type Commit,
  type EffectsHandler,
  type EventStore,
  type ExternalHandler,
  type FoldHandler,
  type Message,
  nextCommit,
} from "#messaging";
import type { SimulatedProcess } from "#simulation/process";
import type { Remote } from "#simulation/remote";
import type { AppliedEffect } from "./truth.ts";

export type SubjectKind = "fold" | "effects" | "external";

export const SUBJECT_KINDS: readonly SubjectKind[] = ["fold", "effects", "external"];

/** The state of the fold: what was applied, in order. */
export type Log = {
  readonly log: readonly (readonly [number, string, number])[];
  readonly isClosed?: true;
};

export type LedgerMemory = { readonly commits: readonly Commit[] };

/** Longer than a call mostly takes, shorter than the visibility timeout. */
const LEASE_MS = 5_000;

export type SubjectPlace = {
  readonly process: SimulatedProcess;
  readonly remote: Remote;
  readonly now: () => number;
  /** The release before, which does not know all that is sent by now. */
  readonly isOlder: boolean;
  /** Told of each message that a handler refuses. */
  readonly onFailure: (stream: string) => void;
};

/** Throws what the message says that it fails with. */
function poisonOf(
  { data, id }: Message,
  { now, onFailure, isOlder }: Pick<SubjectPlace, "now" | "onFailure" | "isOlder">,
  stream: string,
): void {
  const { poison, failsUntil, since } = data;
  if (isOlder && since !== undefined) {
    onFailure(stream);
    throw new Failure("provider-unavailable", "retry", `${id} is for a newer release`);
  }
  if (poison === "permanent") {
    onFailure(stream);
    throw new Failure("out-of-stock", "halt", `${id} can never be applied`);
  }
  if (typeof failsUntil === "number" && now() < failsUntil) {
    onFailure(stream);
    throw new Failure("provider-unavailable", "retry", `${id} cannot be applied now`);
  }
}

const closesWith = ({ data }: Message): boolean => data["closes"] === true;

const valueOf = ({ data }: Message): number => Number(data["value"]);

export const foldSubject = (
  place: Pick<SubjectPlace, "now" | "onFailure" | "isOlder">,
): FoldHandler<Log> => ({
  kind: "fold",
  initial: { log: [] },
  evolve({ log }, message) {
    poisonOf(message, place, message.stream);
    const entry = [message.sequence, message.id, valueOf(message)] as const;
    return closesWith(message)
      ? { log: [...log, entry], isClosed: true }
      : { log: [...log, entry] };
  },
  closes: ({ isClosed }) => isClosed === true,
});

export const EFFECT_TYPE = "applied";

export const effectsSubject = (
  place: SubjectPlace,
  store: EventStore,
): EffectsHandler<LedgerMemory, AppendWrite> => ({
  kind: "effects",
  async load(stream) {
    const target = { port: "ledger.read", subject: stream, kind: "read" } as const;
    const commits = await place.remote.call(place.process, target, () => store.read(stream));
    return { commits: commits.slice(-1) };
  },
  handle({ commits }, message, { now }) {
    poisonOf(message, place, message.stream);
    const { stream, sequence, id } = message;
    const data = { sequence, id, value: valueOf(message) };
    const events = [{ type: EFFECT_TYPE, data }];
    const commit = nextCommit(stream, commits, { events, recordedAt: now });
    const writes = [{ kind: "append", commit }] as const;
    return { loaded: { commits: [commit] }, writes, closes: closesWith(message) };
  },
});

/** Somebody else, who treats two calls with one key as one. */
export type Outside = {
  record(key: string, effect: AppliedEffect): void;
  find(stream: string, sequence: number): AppliedEffect | undefined;
};

export const externalSubject = (place: SubjectPlace, outside: Outside): ExternalHandler => ({
  kind: "external",
  leaseMs: milliseconds(LEASE_MS),
  call(message, { key }) {
    const { stream, sequence, id } = message;
    const target = { port: "outside.call", subject: stream, kind: "write" } as const;
    return place.remote.call(place.process, target, async () => {
      poisonOf(message, place, stream);
      outside.record(key, { sequence, id, value: valueOf(message) });
    });
  },
});

export function outside(): Outside {
  const effects = new Map<string, AppliedEffect>();
  return {
    record(key, effect) {
      if (!effects.has(key)) effects.set(key, effect);
    },
    find: (stream, sequence) => effects.get(`${stream}:${sequence}`),
  };
}
