/**
 * The holes of Powertools 2.35.0 that its own documentation or source shows, each as a schedule in
 * which it opens, and what it does well, as schedules that it comes through. Times are milliseconds
 * after the beginning; an invocation has 2 s, a message is hidden for 12 s.
 */
import type { Directed } from "./directed.ts";
import { SQS_MESSAGE_ID } from "./subject.ts";

const HOUR_MS = 3_600_000;
const ZOMBIE_MS = 20_000;

/**
 * The sandbox stands still right after it has taken the lock, for longer than its lock and its
 * message's visibility last. The next run takes the lock over and applies the message; then the
 * first one wakes up, applies it again and completes a record that is not its own any more:
 * `_updateRecord` has no condition.
 */
const zombieCompletion: Directed = {
  hole: "a zombie wakes up and completes (unfenced update)",
  right: { s0: [1, 2] },
  maxReceiveCount: 10,
  freezes: { lastingMs: ZOMBIE_MS },
  script({ at, send }) {
    at(0, () => send({ stream: "s0", sequence: 1 }));
    at(60_000, () => send({ stream: "s0", sequence: 2 }));
  },
};

/**
 * The sandbox stands still after it has read the state. When it wakes up, the user's own condition
 * refuses its write; its failure deletes the record of the run that has succeeded:
 * `_deleteRecord` has no condition. The next duplicate, seconds later, is applied again.
 */
const unfencedDelete: Directed = {
  hole: "a zombie wakes up and fails (unfenced delete)",
  right: { s0: [1, 2] },
  maxReceiveCount: 10,
  freezes: { port: "ledger.read", lastingMs: ZOMBIE_MS },
  script({ at, send, sendAgain }) {
    at(0, () => send({ stream: "s0", sequence: 1 }));
    at(40_000, () => sendAgain({ stream: "s0", sequence: 1 }));
    at(60_000, () => send({ stream: "s0", sequence: 2 }));
  },
};

/**
 * A message is applied, but its deletion is lost as often as it may be received, so that a copy
 * lies among the dead letters. Whoever redrives it after `expiresAfterSeconds` (an hour) has it
 * applied again, and behind its successor.
 */
const oneHourWindow: Directed = {
  hole: "a redrive after two hours (one-hour window)",
  right: { s0: [1, 2] },
  maxReceiveCount: 2,
  lostDeletes: 2,
  script({ at, send, redrive }) {
    at(0, () => send({ stream: "s0", sequence: 1 }));
    at(60_000, () => send({ stream: "s0", sequence: 2 }));
    at(2 * HOUR_MS, redrive);
  },
};

const FAILING_MS = 45_000;

/**
 * A message fails for a while. Those behind it are returned unattempted, which counts as a receive,
 * and go to the dead letters with it; what is sent afterwards overtakes them all.
 */
const groupFailure: Directed = {
  hole: "the first of a group fails until it is dead-lettered",
  right: { s0: [1, 2, 3, 4], s1: [1] },
  maxReceiveCount: 3,
  script({ at, send, redrive, retry }) {
    at(0, () => {
      send({ stream: "s0", sequence: 1, failsUntilMs: FAILING_MS });
      send({ stream: "s0", sequence: 2 });
      send({ stream: "s0", sequence: 3 });
      send({ stream: "s1", sequence: 1 });
    });
    at(60_000, () => send({ stream: "s0", sequence: 4 }));
    at(90_000, () => {
      redrive();
      retry("s0", 1);
    });
  },
};

/** The same without `skipGroupOnError`, as the processor is by default. */
const neighbourFailure: Directed = {
  ...groupFailure,
  hole: "the same with default options (skipGroupOnError)",
  options: { skipGroupOnError: false },
};

/**
 * The key of the documentation's sample for batches is SQS's message id: a producer that sends
 * again, having heard no answer, sends a message of another id.
 */
const sampleKey: Directed = {
  hole: "sent again, under the key of the documentation's sample",
  right: { s0: [1] },
  maxReceiveCount: 10,
  options: { eventKeyJmesPath: SQS_MESSAGE_ID },
  script({ at, send, sendAgain }) {
    at(0, () => send({ stream: "s0", sequence: 1 }));
    at(40_000, () => sendAgain({ stream: "s0", sequence: 1 }));
  },
};

export const holes = {
  zombieCompletion,
  unfencedDelete,
  oneHourWindow,
  groupFailure,
  neighbourFailure,
  sampleKey,
} as const;

/** A message fails once, long before it would be dead-lettered: its group waits, others do not. */
const briefFailure: Directed = {
  hole: "a brief failure",
  right: { s0: [1, 2, 3], s1: [1] },
  maxReceiveCount: 3,
  script({ at, send }) {
    at(0, () => {
      send({ stream: "s0", sequence: 1, failsUntilMs: 5_000 });
      send({ stream: "s0", sequence: 2 });
      send({ stream: "s1", sequence: 1 });
    });
    at(1_000, () => send({ stream: "s0", sequence: 3 }));
  },
};

/** The queue hands a message out three times, and the producer sends it once more. */
const duplicates: Directed = {
  hole: "duplicates within the hour",
  right: { s0: [1, 2] },
  maxReceiveCount: 10,
  lostDeletes: 2,
  script({ at, send, sendAgain }) {
    at(0, () => send({ stream: "s0", sequence: 1 }));
    at(1_000, () => send({ stream: "s0", sequence: 2 }));
    at(50 * 60_000, () => sendAgain({ stream: "s0", sequence: 1 }));
  },
};

/** With payload validation, an id that comes again with other content is refused. */
const changedPayload: Directed = {
  hole: "an id that comes again with another payload",
  right: { s0: [1] },
  maxReceiveCount: 2,
  options: { payloadValidationJmesPath: "powertools_json(body).data" },
  script({ at, send, sendAgain }) {
    at(0, () => send({ stream: "s0", sequence: 1 }));
    at(40_000, () => sendAgain({ stream: "s0", sequence: 1, value: 999 }));
  },
};

export const strengths = { briefFailure, duplicates, changedPayload } as const;
