/**
 * A process that ends at one of its requests: before it arrives or after it took effect. From then
 * on none of its requests arrives anywhere and none of its promises settles, as it is when a
 * function is killed.
 */
import { aroundCalls, type Cut } from "./interrupted.ts";

export type Mortal = {
  readonly wrap: <Port extends object>(port: Port) => Port;
  /**
   * Resolves to true when the process has ended at its cut, to false when its work was done before.
   */
  readonly diedAt: (work: Promise<unknown>) => Promise<boolean>;
};

const never = new Promise<never>(() => undefined);

export function mortal({ atCall, effect }: Cut): Mortal {
  const { promise: death, resolve: die } = Promise.withResolvers<true>();
  let calls = 0;
  let isDead = false;

  const around = async (call: () => Promise<unknown>): Promise<unknown> => {
    if (isDead) return never;
    calls += 1;
    if (calls === atCall) {
      isDead = true;
      if (effect === "taken") await call();
      die(true);
      return never;
    }
    const answer = await call();
    return isDead ? never : answer;
  };

  return {
    wrap: (port) => aroundCalls(port, around),
    diedAt: (work) => Promise.race([death, work.then(() => false)]),
  };
}
