/**
 * Every order in which the calls of some processes can arrive, and every place where one of them
 * can end: a run is repeated with each sequence of choices there is, one after the other.
 */
import { aroundCalls } from "./interrupted.ts";

/** Answers one of 0 to `options` - 1. */
export type Choose = (options: number) => number;

/**
 * Depth first. @returns how many schedules there were.
 *
 * @throws whatever a schedule throws, with its choices; Error when there are more than
 * `schedulesMax`.
 */
export async function everySchedule(
  play: (choose: Choose) => Promise<void>,
  schedulesMax: number,
): Promise<number> {
  const taken: { choice: number; readonly options: number }[] = [];
  for (let schedules = 1; schedules <= schedulesMax; schedules += 1) {
    let depth = 0;
    const choose: Choose = (options) => {
      const known = taken[depth] ?? { choice: 0, options };
      if (known.options !== options) throw new Error("a schedule depends on more than its choices");
      taken[depth] = known;
      depth += 1;
      return known.choice;
    };
    try {
      await play(choose);
    } catch (error) {
      const choices = taken.map(({ choice }) => choice).join(" ");
      throw new Error(`schedule ${schedules}, choices ${choices}`, { cause: error });
    }
    while (taken.length > 0 && isLast(taken.at(-1))) taken.pop();
    const next = taken.at(-1);
    if (next === undefined) return schedules;
    next.choice += 1;
  }
  throw new Error(`more than ${schedulesMax} schedules`);
}

const isLast = (last: { readonly choice: number; readonly options: number } | undefined) =>
  last !== undefined && last.choice === last.options - 1;

export type Actor = {
  /** Each call of the port waits for its turn, and takes effect in it. */
  wrap<Port extends object>(port: Port): Port;
  /** Waits for a turn. */
  turn(): Promise<void>;
};

export type Stage = {
  /** Works until it has ended or is killed. */
  enter(work: (actor: Actor) => Promise<unknown>): void;
  /** Until nobody waits for a turn any more. */
  play(): Promise<void>;
  readonly kills: () => number;
};

type Waiting = { readonly actor: number; readonly act: () => void };

/** @param killsMax how many may be killed, each before a call or after its effect. */
export function stage(choose: Choose, killsMax: number): Stage {
  const waiting: Waiting[] = [];
  const dead = new Set<number>();
  let actors = 0;
  let kills = 0;

  const turnOf = (actor: number) =>
    new Promise<void>((resolve) => {
      if (!dead.has(actor)) waiting.push({ actor, act: resolve });
    });

  const around =
    (actor: number) =>
    async (call: () => Promise<unknown>): Promise<unknown> => {
      await turnOf(actor);
      const answer = call();
      // What follows from the answer never happens to the dead.
      return answer.then(
        (value) => (dead.has(actor) ? new Promise(() => undefined) : value),
        (error: unknown) => {
          if (dead.has(actor)) return new Promise(() => undefined);
          throw error;
        },
      );
    };

  return {
    kills: () => kills,
    enter(work) {
      const actor = (actors += 1);
      work({
        wrap: (port) => aroundCalls(port, around(actor)),
        turn: () => turnOf(actor),
      }).catch(() => undefined);
    },
    async play() {
      await settled();
      while (waiting.length > 0) {
        // A fixed order of those who wait, whoever asked first.
        waiting.sort((a, b) => a.actor - b.actor);
        const [next] = waiting.splice(choose(waiting.length), 1);
        const fate = kills < killsMax ? choose(3) : 0;
        if (next !== undefined && fate > 0) {
          kills += 1;
          dead.add(next.actor);
        }
        if (fate !== 1) next?.act();
        await settled();
      }
    },
  };
}

/** When no promise reaction is left: Node empties its microtasks before it calls a tick. */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
