/**
 * A walk through the shop: steps one after another, each of which is asked for and judged. A step
 * that is wrong ends its walk, since what follows would be wrong for its sake.
 */
import type { ReplayReport } from "#contracts/report";
import type { Clock } from "#kernel/clock";
import type { WaitSettings } from "../wait-until.ts";
import type { TourApi } from "./tour-api.ts";

export type Walked = ReplayReport["tour"][number];
export type Step = Walked["steps"][number];

/** What was answered, for a person; whose it is; and what is wrong with it. */
export type Said = {
  readonly answered: string;
  readonly id: string;
  readonly wrong: readonly string[];
};

/** Asks, keeps what was said of the answer, and gives it on. Ends the walk where it is wrong. */
export type Take = <Answer>(
  step: string,
  ask: () => Promise<Answer>,
  judge: (answer: Answer) => Said,
) => Promise<Answer>;

/** Looks again until it holds or its time is over; answers what was seen last. */
export type Once = <Seen>(
  look: () => Promise<Seen>,
  holds: (seen: Seen) => boolean,
) => Promise<Seen>;

export type TourPorts = {
  readonly api: TourApi;
  /** The payment provider, as its own people use it: behind the shop's back. */
  readonly provider: {
    lookup(key: string): Promise<ProvidersPayment | undefined>;
    capture(paymentId: string, key: string): Promise<ProvidersPayment>;
  };
  readonly clock: Clock;
  readonly wait: WaitSettings;
  /** Makes this run's keys its own. */
  readonly salt: string;
};

export type ProvidersPayment = { readonly paymentId: string; readonly status: string };

export type WalkPorts = Pick<TourPorts, "api" | "provider"> & {
  readonly once: Once;
  /** An Idempotency-Key of this run. */
  readonly key: (of: string) => string;
};

export type Walk = {
  readonly name: string;
  readonly go: (ports: WalkPorts, take: Take) => Promise<void>;
};

/** Never throws: what gets no answer is a wrong step. */
export async function walked(
  { name, go }: Walk,
  ports: WalkPorts,
  clock: Pick<Clock, "now">,
): Promise<Walked> {
  const startedAt = clock.now();
  const steps: Step[] = [];
  let current = "begin";
  const take: Take = async (step, ask, judge) => {
    current = step;
    const answer = await ask();
    const said = judge(answer);
    steps.push({ step, ...said, wrong: [...said.wrong] });
    if (said.wrong.length > 0) throw new WalkEnded(step);
    return answer;
  };
  try {
    await go(ports, take);
  } catch (error) {
    if (!(error instanceof WalkEnded)) {
      steps.push({ step: current, answered: "nothing", id: "", wrong: [messageOf(error)] });
    }
  }
  return { name, seconds: (clock.now() - startedAt) / 1000, steps };
}

class WalkEnded extends Error {
  override readonly name = "WalkEnded";
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
