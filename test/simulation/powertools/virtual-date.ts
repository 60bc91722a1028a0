/**
 * Gives code that reads the system clock the clock of the simulated process it runs in, without
 * touching that code: a copy of `Date` that asks whose asynchronous context it is called in.
 * Outside of such a context it is the right one.
 */
import { AsyncLocalStorage } from "node:async_hooks";

type Now = () => number;

const clocks = new AsyncLocalStorage<Now>();
const SystemDate = Date;

class VirtualDate extends SystemDate {
  constructor(...values: readonly unknown[]) {
    if (values.length === 0) super(VirtualDate.now());
    // Whatever else a caller passes means what it means to the right one.
    else super(...(values as [number]));
  }

  static override now(): number {
    return clocks.getStore()?.() ?? SystemDate.now();
  }
}

let users = 0;

/** While `act` runs, what `onClock` has begun reads its own clock as the system's. */
export async function withVirtualDate<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  users += 1;
  globalThis.Date = VirtualDate as DateConstructor;
  try {
    return await act();
  } finally {
    users -= 1;
    if (users === 0) globalThis.Date = SystemDate;
  }
}

/** All that follows from `act`, however late, reads this clock. */
export const onClock = <Answer>(now: Now, act: () => Answer): Answer => clocks.run(now, act);
