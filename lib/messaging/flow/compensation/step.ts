/**
 * One thing that is done, and how it is undone.
 */
import type { Json } from "#kernel/json";
import type { EpochMs } from "#kernel/units";

export type StepCall<Input> = {
  /**
   * `<run>:<step>`, the same on every attempt. Whoever is called has to honour it: a key that it
   * has seen has no second effect, also after the step was undone.
   */
  readonly key: string;
  readonly input: Input;
  /** Of the steps before it, by name. */
  readonly results: Readonly<Record<string, Json>>;
};

export type ForwardCall<Input> = StepCall<Input> & {
  /**
   * When the call may have no effect any more: no request may be sent so late that it could.
   * 0 when `landsWithinMs` is: then the tombstone at the other side decides.
   */
  readonly landsBy: EpochMs;
};

export type UndoCall<Input> = StepCall<Input> & {
  /** What the step answered; absent if it never did: then all or nothing of it has happened. */
  readonly result?: Json;
};

export type Step<Input extends Json> = {
  /** Unique in its run, and the same in every version that may meet the run. */
  readonly name: string;
  /**
   * How long after its begin, in milliseconds, a forward call may still have its effect: the
   * function's timeout, plus the longest that the other side works on a request, plus what clocks
   * differ by. An undo waits so long for a call whose end is not known.
   *
   * 0: no longer than until it is undone, because `undo` leaves a tombstone at the other side that
   * refuses a forward call which comes later. Then nothing rests on a clock.
   */
  readonly landsWithinMs: number;
  /**
   * Answers what a later step or the undo needs. A `Failure` with the action `retry` leaves the run
   * where it is; any other one means that the step has no effect now, and undoes the run.
   */
  forward(call: ForwardCall<Input>): Promise<Json>;
  /**
   * Makes it as if the step had never been, whatever became of it: done, half done, not done. It
   * may be repeated, also by two at a time. A `Failure` with the action `retry` is tried again, any
   * other one needs somebody's attention at once.
   */
  undo(call: UndoCall<Input>): Promise<void>;
};
