/**
 * A breaker's state as one sandbox knows it: read at most once in a while, changed by one
 * conditional write, and kept here alone when the store cannot be reached.
 */
import type { Clock } from "#kernel/clock";
import type { NewId } from "#kernel/ids";
import type { DurationMs, EpochMs } from "#kernel/units";
import { later } from "#kernel/units";
import type { RecordStore, VersionedRecord } from "../record/record-store.ts";
import { writeRecord } from "../record/write-record.ts";
import { type BreakerState, breakerStateOf, closed } from "./breaker-state.ts";

export type SharedStateOptions = {
  readonly name: string;
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly cachedFor: DurationMs;
  readonly onChange: (from: BreakerState, to: BreakerState) => void;
  readonly onUnreachable: (error: unknown) => void;
};

export type SharedState = {
  /** Never fails: what was known last stands while the store cannot be reached. */
  current(): Promise<BreakerState>;
  /**
   * Whether `next` took effect: over what was known, or here alone when the store cannot be
   * reached. If not, another sandbox came first, and its state is known now. Never fails.
   */
  move(next: BreakerState): Promise<boolean>;
  /** What is known, without a request. */
  known(): BreakerState;
};

type Known = {
  readonly version: number;
  readonly state: BreakerState;
  /** Changed here and not stored: stands against a stored state of the same version. */
  readonly isLocal: boolean;
};

export function sharedState(options: SharedStateOptions): SharedState {
  const { name, store, clock, newId, cachedFor, onChange, onUnreachable } = options;
  let known: Known = { version: 0, state: closed, isLocal: false };
  let freshUntil = 0 as EpochMs;
  let reading: Promise<void> | undefined;
  let changes = 0;

  const know = (next: Known): void => {
    const { state } = known;
    known = next;
    changes += 1;
    freshUntil = later(clock.now(), cachedFor);
    if (state.status !== next.state.status) onChange(state, next.state);
  };

  const adopt = (record: VersionedRecord | undefined): void => {
    const version = record?.version ?? 0;
    const state = breakerStateOf(record?.data);
    if (known.isLocal && version === known.version) return;
    know({ version, state, isLocal: false });
  };

  const read = async (): Promise<void> => {
    const before = changes;
    // Also after a failed read: a store in trouble is not asked by every call.
    freshUntil = later(clock.now(), cachedFor);
    try {
      const record = await store.read(name);
      // What was changed meanwhile is newer than what was read.
      if (changes === before) adopt(record);
    } catch (error) {
      onUnreachable(error);
    }
  };

  return {
    known: () => known.state,

    async current() {
      if (clock.now() >= freshUntil) {
        reading ??= read().finally(() => {
          reading = undefined;
        });
        await reading;
      }
      return known.state;
    },

    async move(next) {
      const { version } = known;
      try {
        const record = { version: version + 1, changeId: newId(), data: { ...next } };
        const answer = await writeRecord(store, name, record);
        if (answer.kind === "written") {
          know({ version: record.version, state: next, isLocal: false });
          return true;
        }
        adopt(answer.current);
        return false;
      } catch (error) {
        onUnreachable(error);
        know({ version, state: next, isLocal: true });
        return true;
      }
    },
  };
}
