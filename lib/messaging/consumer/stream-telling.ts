/**
 * Counts and tells what has become true of one stream: only what is written, and what goes back.
 */
import type { Clock } from "#kernel/clock";
import type { EpochMs } from "#kernel/units";
import type { Message } from "../envelope/envelope.ts";
import type { Arrival } from "../plan/arrival.ts";
import type { Fact } from "../plan/commit-draft.ts";
import type { Fate } from "../plan/plan-scope.ts";
import type { Redelivery } from "../violation/redelivery.ts";
import type { Observe, ReturnReason } from "./consumer-event.ts";
import type { Tally } from "./consumer-report.ts";
import { failureOf } from "./handling.ts";

export type StreamTelling = {
  /** Asks for a redelivery where that has been decided. Never throws. */
  fact(fact: Fact): Promise<void>;
  /** How old a message is that has been applied; by `since` where it bears no time of its own. */
  age(message: Message, since: EpochMs | undefined): void;
  returned(arrivals: readonly Arrival[], why: ReturnReason, error?: Error): void;
  /** Those of a plan that has been carried out. */
  plannedReturns(fates: readonly Fate[]): void;
};

export function streamTelling(
  {
    tally,
    clock,
    observe,
    redelivery,
  }: {
    readonly tally: Tally;
    readonly clock: Pick<Clock, "now">;
    readonly observe: Observe;
    readonly redelivery: Redelivery | undefined;
  },
  stream: string,
): StreamTelling {
  const redeliver = async (
    fact: Extract<Fact, { readonly kind: "redelivery-requested" }>,
  ): Promise<void> => {
    const { range } = fact;
    try {
      await redelivery?.request(stream, range);
      observe(fact);
    } catch (thrown) {
      observe({ kind: "redelivery-failed", stream, range, error: failureOf(thrown) });
    }
  };

  const returned: StreamTelling["returned"] = (arrivals, why, error) => {
    if (arrivals.length === 0) return;
    const receiptIds = arrivals.map(({ record }) => record.receiptId);
    const because = error === undefined ? {} : { error };
    observe({ kind: "returned", stream, receiptIds, why, ...because });
  };

  const age: StreamTelling["age"] = ({ time }, since) => {
    const born = time ?? since;
    if (born !== undefined) tally.peak("ageMsMax", clock.now() - born);
  };

  return {
    age,
    returned,
    async fact(fact) {
      count(fact, tally);
      if (fact.kind === "redelivery-requested") await redeliver(fact);
      else if (fact.kind === "released") age(fact.message, fact.parkedAt);
      else observe(fact);
    },
    plannedReturns(fates) {
      if (fates.every(({ kind }) => kind !== "returned")) return;
      for (const why of ["attempt-failed", "claimed-by-another"] as const) {
        const those = fates.filter((fate) => fate.kind === "returned" && fate.why === why);
        returned(
          those.map(({ arrival }) => arrival),
          why,
        );
      }
    },
  };
}

function count(fact: Fact, tally: Tally): void {
  switch (fact.kind) {
    case "released":
      tally.add("released");
      tally.add("applied");
      return;
    case "stream-halted":
      return tally.add("halted");
    case "violation-filed":
      return tally.addViolation(fact.violation.kind);
    case "skipped":
      return tally.add("skipped", fact.range.to - fact.range.from + 1);
    case "stream-resumed":
      return tally.add("resumed");
    case "redelivery-requested":
    case "decided":
    case "attempt-failed":
      return;
    default:
      fact satisfies never;
  }
}
