/**
 * Who acts on the system from outside while it runs: operators, other writers, the sweep.
 */
import type { EpochMs } from "#kernel/units";
import type { Rng } from "#kernel/rng";
import {
  causeOf,
  type controlEnvelope,
  encode,
  type EventStore,
  type Head,
  nextCommit,
  sweep,
} from "#messaging";
import type { Scheduler } from "#simulation/scheduler";
import type { GroupOf, Publication, Publications } from "./publication.ts";
import { controlPublication } from "./messages.ts";
import type { StreamTruth } from "./truth.ts";

export type ActorPlace = {
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly publications: Publications;
  readonly newId: () => string;
  readonly groupOf: GroupOf;
  readonly truths: () => readonly StreamTruth[];
  readonly send: (publication: Publication, deduplicationId: string) => void;
  readonly note: (what: string, about: string) => void;
  readonly reach: (branch: string) => void;
};

/** Another writer of a stream's own log, as an order's other use cases are. */
export function outsider({ rng, truths, scheduler, note }: ActorPlace, store: EventStore) {
  return (): void => {
    const known = truths();
    const { stream } = known[rng.int(Math.max(1, known.length))] ?? {};
    if (stream === undefined) return;
    note("outside-write", stream);
    void store.read(stream).then((commits) => {
      const events = [{ type: "noted", data: {} }];
      return store.append(nextCommit(stream, commits, { events, recordedAt: scheduler.now() }));
    });
  };
}

export type Operators = {
  /** Some decision about some stream, right or wrong, now. */
  readonly meddle: () => void;
  /** Some stream begins anew, whatever it is in the middle of. */
  readonly rewind: () => void;
  /** Resolves every halt there is; answers whether there was one. */
  resolveAll(): boolean;
};

export function operators(place: ActorPlace): Operators {
  const { rng, newId, send, truths, note } = place;

  const decide = (about: Decided): void => {
    const control = { ...about, id: newId(), author: "operator", reason: "seen to" };
    const publication = controlPublication(control, place.groupOf(about.stream));
    note(about.kind, `${about.stream} ${"sequence" in about ? about.sequence : ""}`);
    send(publication, publication.id);
  };

  const resolve = (stream: string, head: Head): void => {
    const sequence = head.halt?.sequence ?? head.last + 1;
    const first = head.parked[0];
    const isThere = first?.sequence === sequence;
    // What is not here yet can only be left out when something waits behind it.
    const isMissing = !isThere && first !== undefined && head.halt?.code === "gap";
    if (isMissing) return decide({ kind: "skip", stream, sequence });
    if (!isThere) return decide({ kind: "retry", stream, sequence });
    // Refused unless it is what waits there that halted the stream.
    const isCause = causeOf(head) !== undefined;
    if (!isCause && rng.int(4) > 0) return decide({ kind: "retry", stream, sequence });
    if (first.message?.data["poison"] === undefined && rng.int(2) === 0) {
      return decide({ kind: "retry", stream, sequence });
    }
    if (rng.int(2) === 0) return decide({ kind: "skip", stream, sequence });
    const data = { value: 10_000 + rng.int(1_000) };
    return decide({ kind: "replace", stream, sequence, data });
  };

  return {
    meddle() {
      const known = truths().filter(({ head }) => head !== undefined);
      const halted = known.filter(({ head }) => head?.status === "halted");
      const among = halted.length > 0 && rng.int(4) > 0 ? halted : known;
      const { stream, head } = among[rng.int(Math.max(1, among.length))] ?? {};
      if (stream === undefined || head === undefined) return;
      if (head.status === "halted" && rng.int(4) > 0) return resolve(stream, head);
      const sequence = Math.max(1, head.last + rng.int(4) - 1);
      const kinds = ["retry", "skip", "replace", "tick"] as const;
      const kind = kinds[rng.int(kinds.length)] ?? "tick";
      if (kind === "replace") decide({ kind, stream, sequence, data: { value: 20_000 } });
      else if (kind === "tick") decide({ kind, stream });
      else decide({ kind, stream, sequence });
    },
    rewind() {
      const known = truths().filter(({ head }) => head !== undefined);
      const { stream } = known[rng.int(Math.max(1, known.length))] ?? {};
      if (stream !== undefined) decide({ kind: "rewind", stream });
    },
    resolveAll() {
      const halted = truths().filter(({ head }) => head?.status === "halted");
      for (const { stream, head } of halted) if (head !== undefined) resolve(stream, head);
      return halted.length > 0;
    },
  };
}

type Decided =
  | { readonly kind: "retry" | "skip"; readonly stream: string; readonly sequence: number }
  | {
      readonly kind: "replace";
      readonly stream: string;
      readonly sequence: number;
      readonly data: { readonly value: number };
    }
  | { readonly kind: "tick" | "rewind"; readonly stream: string };

const SWEEP_EVERY_MS = 10_000;

/**
 * The production sweep, at its times. Its index is the table's, a moment late.
 *
 * @param isStale whether the index is behind now, and names a stream that is not due.
 */
export function beginSweeps(place: ActorPlace, isStale: () => boolean): void {
  const { scheduler, newId, publications, send, truths, groupOf } = place;
  const due = async (now: EpochMs, limit: number): Promise<readonly string[]> =>
    truths()
      .filter(({ head }) => isStale() || (head?.dueAt !== undefined && head.dueAt <= now))
      .map(({ stream }) => stream)
      .slice(0, limit);
  const once = (): void => {
    scheduler.after(SWEEP_EVERY_MS, once);
    void sweep({
      index: { due },
      sender: {
        async send(messages) {
          for (const { envelope, group, deduplicationId } of messages) {
            const { id, type, data, partitionkey } = envelope as ReturnType<typeof controlEnvelope>;
            const publication = publications.add({
              kind: "control",
              stream: partitionkey,
              group,
              body: encode(envelope),
              id,
              sequence: 0,
              type,
              data,
              time: undefined,
              copies: 0,
              isAccepted: false,
              buried: 0,
              wasBuried: false,
            });
            send(publication, deduplicationId);
          }
        },
      },
      clock: scheduler.clock,
      newId,
      groupOf,
      source: "urn:simulation:sweep",
    });
  };
  scheduler.after(SWEEP_EVERY_MS, once);
}
