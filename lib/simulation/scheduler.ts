/**
 * The simulator's time: a heap of events, run one by one in the order of their instants (and of
 * their scheduling, within one instant). After each event everything that follows from it without
 * waiting is carried out, so that a schedule depends on its seed alone.
 */
import type { Clock } from "#kernel/clock";
import type { EpochMs } from "#kernel/units";

export type Scheduler = {
  readonly now: () => EpochMs;
  /** Events run so far. */
  readonly steps: () => number;
  /** Runs at `time`, or at once (in its turn) when that has passed. */
  at(time: number, act: () => void): void;
  after(delayMs: number, act: () => void): void;
  /** The true time. What has a clock of its own reads that one. */
  readonly clock: Clock;
  /**
   * Runs events until `isOver` says so, nothing is left, the next one is later than `until`, or the
   * bound on steps is reached.
   *
   * @throws whatever an event throws.
   */
  run(isOver: () => boolean, until?: number): Promise<RunEnd>;
};

export type RunEnd = "over" | "idle" | "time-up" | "steps-used-up";

type Event = { readonly time: number; readonly order: number; readonly act: () => void };

/** @param stepsMax a schedule that needs more does not end by itself. */
export function scheduler(start: EpochMs, stepsMax: number): Scheduler {
  const heap: Event[] = [];
  let now: number = start;
  let order = 0;
  let steps = 0;

  const at = (time: number, act: () => void): void => {
    order += 1;
    push(heap, { time: Math.max(time, now), order, act });
  };
  const after = (delayMs: number, act: () => void): void => at(now + delayMs, act);

  return {
    now: () => now as EpochMs,
    steps: () => steps,
    at,
    after,
    clock: {
      now: () => now as EpochMs,
      sleep: (lasting) => new Promise((resolve) => after(lasting, resolve)),
    },
    async run(isOver, until = Number.POSITIVE_INFINITY) {
      for (; steps < stepsMax; steps += 1) {
        if (isOver()) return "over";
        const next = heap[0];
        if (next === undefined) return "idle";
        if (next.time > until) {
          now = until;
          return "time-up";
        }
        pop(heap);
        now = next.time;
        next.act();
        await settled();
      }
      return "steps-used-up";
    },
  };
}

/**
 * Resolves when no promise reaction is left to run: Node calls a tick only after it has emptied the
 * queue of microtasks, also those that were added meanwhile
 * (https://nodejs.org/api/process.html#when-to-use-queuemicrotask-vs-processnexttick).
 */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

const isBefore = (a: Event, b: Event): boolean =>
  a.time < b.time || (a.time === b.time && a.order < b.order);

function push(heap: Event[], event: Event): void {
  let index = heap.length;
  heap.push(event);
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isBefore(event, parent)) break;
    heap[index] = parent;
    heap[above] = event;
    index = above;
  }
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    const [first, second] = [heap[left], heap[left + 1]];
    if (first === undefined) break;
    const isSecond = second !== undefined && isBefore(second, first);
    const child = isSecond ? second : first;
    if (!isBefore(child, last)) break;
    heap[index] = child;
    index = isSecond ? left + 1 : left;
  }
  heap[index] = last;
}
