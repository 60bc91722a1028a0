/**
 * Who sees everything that is written and answered, and judges it; and who is known to write.
 */
import { type BatchWatch, batchWatch } from "./batch-watch.ts";
import { type CallWatch, callWatch } from "./call-watch.ts";
import type { Ground, WorldOptions } from "./ground.ts";
import { type HeadDamage, headDamage } from "./head-damage.ts";
import { invariants } from "./invariants/all.ts";
import type { SystemOptions } from "./system.ts";
import { type Witness, witness } from "./witness.ts";
import { branchesOf } from "./write-branches.ts";

export type Judges = {
  readonly witness: Witness;
  readonly watch: BatchWatch;
  readonly damage: HeadDamage;
  readonly calls: CallWatch;
  readonly applied: () => number;
  /** Told of each stream that began anew. */
  readonly onRewound: (told: (stream: string) => void) => void;
  readonly asWriter: SystemOptions["asWriter"];
  readonly onBase: (attemptId: string, version: number) => void;
};

export function judgesOf(ground: Ground, { plant }: WorldOptions): Judges {
  const { scheduler: time, publications: sent, journal: book, configuration } = ground;
  const bases = new Map<string, number>();
  let writing = "";
  let recovery = configuration.recovery;
  let applied = 0;
  let onRewound: (stream: string) => void = () => undefined;
  const seer = witness({
    kind: configuration.kind,
    invariants: plant?.subject?.invariants ?? invariants,
    publications: sent,
    outside: ground.outside,
    now: time.now,
    steps: time.steps,
    startAt: configuration.startAt,
    recoveryOf: () => recovery,
    isUnreadable: (stream) => damage.isDamaged(stream),
    baseOf: (attemptId) => bases.get(attemptId),
    writer: () => writing,
    onWrite: (write, writer) => {
      const { truth, after, effects, rewoundFrom } = write;
      applied += effects.length;
      for (const branch of branchesOf(write)) book.reach(branch);
      book.note(writer, `wrote ${truth.stream}`, after);
      if (rewoundFrom !== undefined) onRewound(truth.stream);
      watch.written(truth.stream, writer);
    },
  });
  const damage = headDamage({
    ...ground,
    rng: ground.rng.fork("damage"),
    onMet: (stream) => {
      book.note("table", "shows a damaged head of", stream);
      watch.written(stream, "damage");
    },
  });
  const watch = batchWatch({
    publications: sent,
    truthOf: seer.truthOf,
    isSerial: configuration.settings.streamsAtOnceMax === 1,
    onAnswer: (batch) => {
      for (const { publication, isReturned } of batch.records) {
        const { sequence, stream } = publication;
        const isOrdered = sequence > 0 && publication.kind !== "misrouted";
        const isBefore = isOrdered && sequence <= seer.truthOf(stream).startedAfter;
        if (isBefore && !isReturned) book.reach("before-start");
      }
      seer.judgeAll(({ onAnswer }) => onAnswer?.(batch));
    },
  });
  return {
    witness: seer,
    watch,
    calls: callWatch(seer.judge, (stream, sequence) => seer.truthOf(stream).replaced.has(sequence)),
    applied: () => applied,
    onRewound: (told) => {
      onRewound = told;
    },
    damage,
    asWriter: (process, act, ways) => {
      writing = process.name;
      recovery = { ...configuration.recovery, ...ways?.recovery };
      if (!watch.isActive(process)) book.reach("zombie-commit");
      return act();
    },
    onBase: (attemptId, version) => bases.set(attemptId, version),
  };
}
