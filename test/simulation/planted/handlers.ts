/**
 * Handlers and ports that keep something to themselves.
 */
import { decode, type QueueRecord } from "#messaging";
import { parseJsonObject } from "#kernel/json";
import type { Log } from "../subjects.ts";
import type { Plant } from "../system.ts";
import { BODY_BYTES_MAX } from "../traffic.ts";
import { bug, type BugWithControl } from "./bug.ts";

const ownState: NonNullable<Plant["fold"]> = (right) => {
  const states = new Map<string, Log>();
  return {
    ...right,
    evolve(state, message, delivery) {
      const next = right.evolve(states.get(message.stream) ?? state, message, delivery);
      states.set(message.stream, next);
      return next;
    },
  };
};

const swallowed: NonNullable<Plant["fold"]> = (right) => ({
  ...right,
  evolve(state, message, delivery) {
    try {
      return right.evolve(state, message, delivery);
    } catch {
      return state;
    }
  },
});

/** Inflates references before the consumer sees them, and does not compare the checksum. */
const uncheckedPayload: NonNullable<Plant["consumer"]> = (right, { claimChecks }) => {
  const inflated = async (record: QueueRecord): Promise<QueueRecord> => {
    const { group, body } = record;
    const decoded = decode(body, BODY_BYTES_MAX);
    if (decoded.kind !== "message" || decoded.message.claimCheck === undefined) return record;
    // Refused ones are kept as they came.
    if (decoded.message.stream !== group) return record;
    const text = await claimChecks.get(decoded.message.claimCheck.ref, BODY_BYTES_MAX);
    const data = text === undefined ? undefined : parseJsonObject(text);
    if (data === undefined) return record;
    const { dataref: _r, datasha256: _s, datasize: _z, ...rest } = parseJsonObject(body) ?? {};
    return { ...record, body: JSON.stringify({ ...rest, data }) };
  };
  return {
    async consume(records, deadline) {
      const whole = await Promise.all(
        records.map((record) => inflated(record).catch(() => record)),
      );
      return right.consume(whole, deadline);
    },
  };
};

export const HANDLERS: readonly BugWithControl[] = [
  bug("fold-on-own-state", "a fold goes on from what this sandbox remembers, written or not", {
    kind: "fold",
    fold: ownState,
  }),
  bug("failure-swallowed", "a handler logs a failure, and its message counts as applied", {
    kind: "fold",
    fold: swallowed,
  }),
  bug("burial-not-awaited", "a message is acknowledged while it is sent to the dead letters", {
    deadLetters: (right) => ({
      async bury(record, cause) {
        void right.bury(record, cause).catch(() => undefined);
      },
    }),
  }),
  bug("failed-burial-acknowledged", "what the dead letters did not take is acknowledged", {
    deadLetters: (right) => ({
      bury: (record, cause) => right.bury(record, cause).catch(() => undefined),
    }),
  }),
  bug("payload-not-checked", "what lies behind a claim check is applied without its checksum", {
    consumer: uncheckedPayload,
  }),
];
