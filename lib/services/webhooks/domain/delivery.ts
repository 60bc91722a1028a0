/**
 * A delivery: one event on its way to one endpoint, with the attempts that were made. Its id is the
 * same on every attempt, so that the receiver can tell a repetition.
 */
import { type DurationMs, type EpochMs, later } from "#kernel/units";
import { pauseAfter } from "./retry-schedule.ts";

export type Attempt = {
  /** From 1, over all rounds. */
  readonly number: number;
  readonly at: EpochMs;
  readonly durationMs: number;
  /** Absent where no answer came. */
  readonly status?: number;
  /** Why no answer came. */
  readonly error?: string;
  /** How the answer begins. */
  readonly answer?: string;
};

export type DeliveryStatus =
  /** Waits for its turn behind earlier deliveries of the same order. */
  | "pending"
  /** Failed, and is tried again at `nextAttemptAt`. */
  | "retrying"
  | "delivered"
  /** Every attempt failed; a test has one. */
  | "failed"
  /** Not tried any more, for the reason in `closedBecause`. */
  | "closed";

export type ClosedBecause = "endpoint-disabled" | "endpoint-deleted" | "endpoint-gone";

export type Delivery = {
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly ownerId: string;
  /** Deliveries of one lane go out one after the other. */
  readonly lane: string;
  /** Its place in the lane. */
  readonly sequence: number;
  readonly eventType: string;
  /** Absent for a test. */
  readonly orderId?: string;
  /** Exactly what is sent. */
  readonly body: string;
  readonly createdAt: EpochMs;
  readonly status: DeliveryStatus;
  readonly closedBecause?: ClosedBecause;
  /** Present while `retrying`. */
  readonly nextAttemptAt?: EpochMs;
  /** 1, and one more for each replay. */
  readonly round: number;
  /** Attempts of this round. */
  readonly tries: number;
  /** Over all rounds; the last ones are listed. */
  readonly attemptsMade: number;
  readonly attempts: readonly Attempt[];
};

/** Older attempts leave the log. */
export const ATTEMPTS_LISTED_MAX = 20;

const LIVE: ReadonlySet<DeliveryStatus> = new Set(["pending", "retrying"]);

export const isOver = ({ status }: Pick<Delivery, "status">): boolean => !LIVE.has(status);

/** A test asks whether it arrives now: one attempt answers that, and no later test waits. */
export const isTest = ({ orderId }: Pick<Delivery, "orderId">): boolean => orderId === undefined;

/** What an attempt came to; `gone`: the receiver wants no more of them. */
export type Outcome = "taken" | "refused" | "gone";

export type Sent = Omit<Attempt, "number"> & { readonly outcome: Outcome };

/** What follows from an attempt. @param random answers a number in [0, 1). */
export function afterAttempt(delivery: Delivery, made: Sent, random: () => number): Delivery {
  const { outcome, ...sent } = made;
  const attemptsMade = delivery.attemptsMade + 1;
  const attempted = {
    ...ended(delivery),
    tries: delivery.tries + 1,
    attemptsMade,
    attempts: [...delivery.attempts, { number: attemptsMade, ...sent }].slice(-ATTEMPTS_LISTED_MAX),
  };
  if (outcome === "taken") return { ...attempted, status: "delivered" };
  if (outcome === "gone") return { ...attempted, status: "closed", closedBecause: "endpoint-gone" };
  const pause = isTest(delivery) ? undefined : pauseAfter(attempted.tries, random);
  if (pause === undefined) return { ...attempted, status: "failed" };
  return { ...attempted, status: "retrying", nextAttemptAt: after(made, pause) };
}

export const closed = (delivery: Delivery, closedBecause: ClosedBecause): Delivery => ({
  ...ended(delivery),
  status: "closed",
  closedBecause,
});

/** Sent once more, at the end of its lane: what has gone out meanwhile stays before it. */
export const replayed = (delivery: Delivery, sequence: number): Delivery => ({
  ...ended(delivery),
  sequence,
  status: "pending",
  round: delivery.round + 1,
  tries: 0,
});

/** Without what belongs to one status only. */
function ended(delivery: Delivery): Omit<Delivery, "closedBecause" | "nextAttemptAt"> {
  const { closedBecause: _, nextAttemptAt: __, ...rest } = delivery;
  return rest;
}

const after = ({ at, durationMs }: Sent, pause: DurationMs): EpochMs =>
  later((at + durationMs) as EpochMs, pause);

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_CHARACTERS = 10;

/**
 * Sorts by the time of its making, as a ULID does.
 *
 * @param digest 26 characters of Crockford's base 32
 */
export function deliveryIdAt(now: EpochMs, digest: string): string {
  let rest: number = now;
  let time = "";
  for (let place = 0; place < TIME_CHARACTERS; place += 1) {
    time = CROCKFORD.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return `msg_${time}${digest.slice(0, 16)}`;
}
