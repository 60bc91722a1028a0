/**
 * The way to the payment provider: it may be down, slower than its client waits, or lose a request
 * or an answer. A request that has been sent lands within the time that a provider works on one.
 */
import { Failure } from "#kernel/failure";
import type { Rng } from "#kernel/rng";
import type { PaymentProvider, ProviderPayment } from "#services/payments/ports";
import type { FaultRates, FaultSwarm } from "#simulation/faults";
import type { SimulatedProcess } from "#simulation/process";
import type { CallTarget, KillMoment } from "#simulation/remote";
import type { Scheduler } from "#simulation/scheduler";

export const PROVIDER_FAULTS = {
  "provider-outage": [0.01, 0.1],
  "provider-slow": [0.02, 0.6],
  "provider-lost-request": [0.02, 0.5],
  "provider-lost-answer": [0.01, 0.3],
} as const satisfies FaultRates;

export type ProviderWireOptions = {
  readonly scheduler: Scheduler;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  readonly kills: (target: CallTarget, moment: KillMoment) => boolean;
  readonly onTrouble: (caller: SimulatedProcess, target: CallTarget, fault: string) => void;
};

export type ProviderWire = (process: SimulatedProcess, right: PaymentProvider) => PaymentProvider;

const LATENCY_MS_MAX = 200;
/** As the function waits for an answer. */
const CLIENT_TIMEOUT_MS = 3_000;
/** As long as the simulated provider's own function may run. */
const PROVIDER_WORKS_MS_MAX = 10_000;
const OUTAGE_MS_MAX = 120_000;

/** When a request lands and what its sender hears of it. */
type Way = {
  readonly there: number | "never";
  readonly back: number;
  readonly failure?: Failure;
  readonly fault?: keyof typeof PROVIDER_FAULTS;
};

export function providerWire(options: ProviderWireOptions): ProviderWire {
  const call = calling(options, ways(options));
  return (process, right) => {
    const write = (
      name: string,
      subject: string,
      effect: () => Promise<ProviderPayment>,
    ): Promise<ProviderPayment> =>
      call(process, { port: `provider.${name}`, subject, kind: "write" }, effect);
    return {
      authorise: (request) => write("authorise", request.orderId, () => right.authorise(request)),
      capture: (paymentId, key) => write("capture", key, () => right.capture(paymentId, key)),
      void: (paymentId, key) => write("void", key, () => right.void(paymentId, key)),
      refund: (request) => write("refund", request.key, () => right.refund(request)),
      lookup: (key) =>
        call(process, { port: "provider.lookup", subject: key, kind: "read" }, () =>
          right.lookup(key),
        ),
    };
  };
}

/** Drawn when a call begins. */
function ways({ scheduler, swarm, rng }: ProviderWireOptions): () => Way {
  let downUntil = 0;
  const latency = (): number => 5 + rng.int(LATENCY_MS_MAX);
  return () => {
    if (swarm.fires("provider-outage")) downUntil = scheduler.now() + rng.int(OUTAGE_MS_MAX);
    if (downUntil > scheduler.now()) {
      return { fault: "provider-outage", there: "never", back: latency(), failure: unavailable };
    }
    const back = CLIENT_TIMEOUT_MS;
    if (swarm.fires("provider-lost-request")) {
      return { fault: "provider-lost-request", there: "never", back, failure: outcomeUnknown };
    }
    if (swarm.fires("provider-lost-answer")) {
      return { fault: "provider-lost-answer", there: latency(), back, failure: outcomeUnknown };
    }
    if (swarm.fires("provider-slow")) {
      const there = back + rng.int(PROVIDER_WORKS_MS_MAX - back);
      return { fault: "provider-slow", there, back, failure: outcomeUnknown };
    }
    const there = latency();
    return { there, back: there + latency() };
  };
}

function calling({ scheduler, swarm, kills, onTrouble }: ProviderWireOptions, way: () => Way) {
  return <Answer>(
    process: SimulatedProcess,
    target: CallTarget,
    effect: () => Promise<Answer>,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const diesAt = (moment: KillMoment): boolean => {
        if (process.isDead() || !kills(target, moment)) return process.isDead();
        onTrouble(process, target, "kill");
        process.kill();
        return true;
      };
      if (diesAt("before")) return;
      const { there, back, failure, fault } = way();
      if (fault !== undefined) {
        swarm.happened(fault);
        onTrouble(process, target, fault);
      }
      const settle = (act: () => void): void =>
        process.deliver(() => {
          if (!diesAt("after-answer")) act();
        });
      if (failure !== undefined) scheduler.after(back, () => settle(() => reject(failure)));
      if (there === "never") return;
      scheduler.after(there, () => {
        const landed = (act: () => void): void => {
          diesAt("after-effect");
          if (failure === undefined) scheduler.after(back - there, () => settle(act));
        };
        effect().then(
          (answer) => landed(() => resolve(answer)),
          (error: unknown) => landed(() => reject(error)),
        );
      });
    });
}

/** Made once, as their stack traces say nothing. */
const outcomeUnknown = new Failure("outcome-unknown", "retry", "The provider's answer is lost.");
const unavailable = new Failure("provider-unavailable", "retry", "The provider is down.");
