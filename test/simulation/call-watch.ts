/**
 * Of calls to somebody else: whoever claims a stream for a call is left alone with it until the
 * claim ends (8), and the first message that a sequence was called for owns it (18). Told of claims
 * as they are planned, by the clock of their owner, and of calls as they begin and end; what became
 * of the claim on its way to the table it does not look at.
 */
import type { ExternalHandler, Head } from "#messaging";
import type { SimulatedProcess } from "#simulation/process";

const ONE_HOLDER = 8;
const ONE_OWNER = 18;

export type CallWatch = {
  /** A head that is about to be written. */
  planned(process: SimulatedProcess, head: Head): void;
  /** The same handler, its calls watched. */
  watched(process: SimulatedProcess, handler: ExternalHandler): ExternalHandler;
};

type Claimed = {
  readonly owner: string;
  readonly version: number;
  readonly until: number;
};

type Call = Claimed & { readonly process: SimulatedProcess };

/** @param isReplaced whether a decision put something else in the place of a message. */
export function callWatch(
  judge: (invariant: number, detail: string) => void,
  isReplaced: (stream: string, sequence: number) => boolean,
): CallWatch {
  /** Whom each was called for first, by key. */
  const owners = new Map<string, string>();
  const claims = new Map<SimulatedProcess, Map<string, Claimed | "by several">>();
  /** By stream. */
  const underWay = new Map<string, Set<Call>>();

  const claimOf = (
    process: SimulatedProcess,
    key: string,
    attempt: number,
  ): Claimed | undefined => {
    const found = claims.get(process)?.get(`${key} ${attempt}`);
    // Two runs of one sandbox, which cannot be told apart by what a handler is given.
    return found === "by several" ? undefined : found;
  };

  const check = (stream: string, call: Call, leaseMs: number): void => {
    for (const other of underWay.get(stream) ?? []) {
      if (other.process.isDead() || other.owner === call.owner) continue;
      // What others have written in between may have ended the claim, by a clock that is ahead.
      if (call.version !== other.version + 1) continue;
      const leftMs = other.until - (call.until - leaseMs);
      if (leftMs <= 0) continue;
      const who = `${call.process.name} calls for stream ${stream}`;
      judge(ONE_HOLDER, `${who}, which ${other.process.name} has claimed for ${leftMs} ms more`);
    }
  };

  return {
    planned(process, { stream, version, claim, called }) {
      if (claim === undefined || called === undefined) return;
      const { owner, until } = claim;
      const own = claims.get(process) ?? new Map<string, Claimed | "by several">();
      claims.set(process, own);
      const name = `${stream}:${claim.sequence} ${called.times}`;
      const known = own.get(name);
      const isAnothers = known !== undefined && known !== "by several" && known.owner !== owner;
      const isUnclear = known === "by several" || isAnothers;
      own.set(name, isUnclear ? "by several" : { owner, version, until });
    },
    watched: (process, handler) => ({
      ...handler,
      async call(message, given) {
        const { stream, sequence, id } = message;
        const first = owners.get(`${stream}:${sequence}`) ?? id;
        owners.set(`${stream}:${sequence}`, first);
        if (first !== id && !isReplaced(stream, sequence)) {
          judge(ONE_OWNER, `stream ${stream}: ${sequence} is called for ${id} after ${first}`);
        }
        const claimed = claimOf(process, given.key, given.attempt);
        if (claimed === undefined) return handler.call(message, given);
        const call = { ...claimed, process };
        check(stream, call, handler.leaseMs);
        const calls = underWay.get(stream) ?? new Set();
        underWay.set(stream, calls.add(call));
        try {
          await handler.call(message, given);
        } finally {
          calls.delete(call);
        }
      },
    }),
  };
}
