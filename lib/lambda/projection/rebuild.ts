/**
 * Makes a projection anew beside the one that is read: announces a new generation, replays every
 * stream into it, makes it the one that is read, and removes the old one. Each step is kept with
 * the announcement, so whoever comes after a rebuild that died goes on where it ended.
 *
 * No event is lost to the new generation: what was stored before the announcement was heard by all
 * is in the store before the walk begins; what comes afterwards is applied to both generations by
 * whoever consumes it.
 */
import {
  GENERATION_LEASE_MS,
  type Generations,
  type GenerationStore,
  type Leftovers,
  type StreamWalk,
} from "#contracts/projection";
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { type DurationMs, milliseconds } from "#kernel/units";
import { concurrently } from "#messaging/consumer/concurrently";
import { failureOf } from "#messaging/consumer/handling";
import type { Replayed, StreamCause } from "./replay.ts";

export type RebuildPorts = {
  readonly generations: GenerationStore;
  readonly walk: StreamWalk;
  readonly leftovers: Leftovers;
  /** At most `streamsAtOnce`. */
  readonly replay: (generation: number, streams: readonly string[]) => Promise<Replayed>;
  readonly streamsAtOnce: number;
  /** For so long a call of the projection's function may go on. */
  readonly callMsMax: DurationMs;
  readonly clock: Clock;
  /** Hears what goes on. */
  readonly tell: (progress: RebuildProgress) => void;
};

export type RebuildProgress =
  | { readonly phase: "announcing" | "switching" | "removing" }
  /** Items that the walk has looked at, and streams that were replayed. */
  | { readonly phase: "replaying"; readonly looked: number; readonly streams: number };

export type Rebuilt = {
  readonly generation: number;
  /** That this call replayed. */
  readonly streams: number;
  /** Of an earlier call that ended before its time. */
  readonly isContinued: boolean;
};

/** What comes live has its own; a sandbox more of a projection is cheap, twenty are not. */
const CALLS_AT_ONCE = 2;
/** A replay ends with its function's time; what is left over is asked for again. */
const ROUNDS_MAX = 20;
const PAUSE_MS = milliseconds(250);
/** A page has 1 MB of commits. */
const PAGES_MAX = 100_000;
/** What two clocks may run apart in one lease. */
const MARGIN_MS = 200;

/**
 * Errors: those of the ports; `conflict` (reject) when somebody else rebuilds it at the same time
 * or a stream cannot be brought up, and a repetition goes on from there; or when streams halt, and
 * a repetition begins anew. What is read stays what it was.
 */
export async function rebuildProjection(ports: RebuildPorts): Promise<Rebuilt> {
  let state = await tidied(ports, await ports.generations.read());
  const isContinued = state.next !== undefined;
  ports.tell({ phase: "announcing" });
  const generation = state.next ?? state.newest + 1;
  if (!isContinued) state = await changed(ports, state, { next: generation, newest: generation });
  await heard(ports);
  const replayed = await replayAll(ports, state, generation);
  ports.tell({ phase: "switching" });
  const { next: _next, walked: _walked, ...rest } = replayed.state;
  state = await written(ports, { ...rest, live: generation, leftover: true });
  await tidied(ports, state);
  return { generation, streams: replayed.streams, isContinued };
}

/**
 * Gives up what is being built and removes all that is not read. Answers false when there is
 * nothing of that. Errors: those of the ports; `conflict` (reject) when somebody else goes on.
 */
export async function abandonRebuild(ports: RebuildPorts): Promise<boolean> {
  const state = await ports.generations.read();
  if (state.next === undefined && state.leftover === undefined) return false;
  await tidied(ports, state.next === undefined ? state : await left(ports, state));
  return true;
}

/** A generation that nobody goes on with. */
function left(ports: RebuildPorts, state: Generations): Promise<Generations> {
  const { next: _next, walked: _walked, ...rest } = state;
  return written(ports, { ...rest, leftover: true });
}

/** Removes what no generation needs any more, once nobody goes by the old state or writes by it. */
async function tidied(ports: RebuildPorts, state: Generations): Promise<Generations> {
  if (state.leftover === undefined) return state;
  // A call that began under the old state writes until it ends, and would leave that behind.
  await heard(ports, ports.callMsMax);
  ports.tell({ phase: "removing" });
  await ports.leftovers.drop(state);
  const { leftover: _leftover, ...rest } = state;
  return await written(ports, rest);
}

type Walked = { readonly state: Generations; readonly streams: number };

async function replayAll(
  ports: RebuildPorts,
  begun: Generations,
  generation: number,
): Promise<Walked> {
  let state = begun;
  let [looked, streams] = [0, 0];
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await ports.walk.page(state.walked);
    const halted = await replayPage(ports, generation, page.streams);
    if (halted.length > 0) {
      // A stream that has halted stays so, whatever code comes: what follows is a new generation.
      await left(ports, state);
      throw cannotBeApplied(halted);
    }
    looked += page.looked;
    streams += page.streams.length;
    ports.tell({ phase: "replaying", looked, streams });
    if (page.next === undefined) return { state, streams };
    state = await changed(ports, state, { walked: page.next });
  }
  throw new Failure("unexpected", "reject", `The store has more than ${PAGES_MAX} pages.`);
}

/** Answers those that halted. */
async function replayPage(
  { replay, streamsAtOnce, clock }: RebuildPorts,
  generation: number,
  streams: readonly string[],
): Promise<readonly StreamCause[]> {
  const halted: StreamCause[] = [];
  let left = streams;
  let causes: readonly StreamCause[] = [];
  for (let round = 0; round < ROUNDS_MAX && left.length > 0; round += 1) {
    const behind: StreamCause[] = [];
    const works = partsOf(left, streamsAtOnce).map((some) => async () => {
      const answer = await attempted(() => replay(generation, some), some);
      behind.push(...answer.behind);
      halted.push(...answer.halted);
    });
    await concurrently(works, CALLS_AT_ONCE);
    if (behind.length > 0) await clock.sleep(PAUSE_MS);
    causes = behind;
    left = behind.map(({ stream }) => stream);
  }
  const [first] = causes;
  if (first === undefined) return halted;
  throw new Failure(
    "conflict",
    "reject",
    `${causes.length} streams could not be replayed in ${ROUNDS_MAX} rounds; the first is ` +
      `${first.stream}: ${first.cause}. Run it again: it goes on from here.`,
  );
}

/** A call that fails, as one that runs out of time does, may have brought up some of them. */
async function attempted(
  replay: () => Promise<Replayed>,
  streams: readonly string[],
): Promise<Replayed> {
  try {
    return await replay();
  } catch (error) {
    const cause = failureOf(error).message;
    return { behind: streams.map((stream) => ({ stream, cause })), halted: [] };
  }
}

function partsOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, part) => items.slice(part * size, (part + 1) * size));
}

const heard = ({ clock }: RebuildPorts, more = milliseconds(0)): Promise<void> =>
  clock.sleep(milliseconds(GENERATION_LEASE_MS + MARGIN_MS + more));

const changed = (
  ports: RebuildPorts,
  state: Generations,
  change: Partial<Generations>,
): Promise<Generations> => written(ports, { ...state, ...change });

async function written(ports: RebuildPorts, state: Generations): Promise<Generations> {
  const next = { ...state, version: state.version + 1 };
  if (await ports.generations.replace(next)) return next;
  throw new Failure(
    "conflict",
    "reject",
    "Somebody else rebuilds this projection at the same time; leave it to him.",
  );
}

const cannotBeApplied = (halted: readonly StreamCause[]): Failure =>
  new Failure(
    "conflict",
    "reject",
    `${halted.length} streams have an event that this projection cannot apply; the first is ` +
      `${halted[0]?.stream}: ${halted[0]?.cause}. What is read stays what it was. Repair the ` +
      "code, or leave it out of what is read (npm run resolve), and run it again: it begins " +
      "anew. --abandon removes what was built.",
  );
