/**
 * Two things that a run changes, and what became of them: stock whose release leaves a tombstone,
 * and money at somebody who only honours keys.
 */
import { memoryRecordStore } from "#adapters/memory/record-store";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import {
  compensatedRuns,
  type CompensatedRuns,
  type CompensationEvent,
  type CompensationOptions,
  type RecordStore,
  type Step,
  type StepCall,
} from "#messaging/flow/index";
import { standingClock } from "./consumer-world.ts";

export type Input = { readonly sku: string };

export const LANDS_WITHIN_MS = 60_000;

export const transient = new Failure("provider-unavailable", "retry", "no answer");
export const refused = new Failure("payment-declined", "reject", "declined");
const cancelled = new Failure("step-cancelled", "reject", "a tombstone stands there");

/** Every change is one atomic step, as a transaction is. */
export function stock() {
  const reservations = new Map<string, "reserved" | "released">();
  const calls: string[] = [];
  return {
    calls,
    async reserve(key: string): Promise<void> {
      calls.push("reserve");
      if (reservations.get(key) === "released") throw cancelled;
      reservations.set(key, "reserved");
    },
    async release(key: string): Promise<void> {
      calls.push("release");
      reservations.set(key, "released");
    },
    reserved: () => [...reservations.values()].filter((status) => status === "reserved").length,
  };
}

export function bank() {
  const charges = new Map<string, "charged" | "refunded">();
  const calls: string[] = [];
  let moved = 0;
  return {
    calls,
    /** A key that was seen before has no second effect. There are no tombstones here. */
    async charge(key: string): Promise<void> {
      calls.push("charge");
      if (charges.has(key)) return;
      charges.set(key, "charged");
      moved += 1;
    },
    async refund(key: string): Promise<void> {
      calls.push("refund");
      if (charges.get(key) === "charged") charges.set(key, "refunded");
    },
    charged: () => [...charges.values()].filter((status) => status === "charged").length,
    /** How often money has moved away. */
    moved: () => moved,
  };
}

export type Stock = ReturnType<typeof stock>;
export type Bank = ReturnType<typeof bank>;

export const reserveStep = (things: Pick<Stock, "reserve" | "release">): Step<Input> => ({
  name: "reserve",
  landsWithinMs: 0,
  async forward({ key }) {
    await things.reserve(key);
    return { reserved: true };
  },
  undo: ({ key }) => things.release(key),
});

export const chargeStep = (
  money: Pick<Bank, "charge" | "refund">,
  landsWithinMs = LANDS_WITHIN_MS,
): Step<Input> => ({
  name: "charge",
  landsWithinMs,
  async forward({ key }) {
    await money.charge(key);
    return { paymentId: key };
  },
  undo: ({ key }) => money.refund(key),
});

/** Refused for good, after whatever it did. */
export const refusedStep: Step<Input> = {
  name: "refused",
  landsWithinMs: 0,
  forward: () => Promise.reject(refused),
  undo: () => Promise.resolve(),
};

/** What was called, in order. */
export type Log = { readonly act: string; readonly call: StepCall<Input> }[];

/** A step that fails as planned, in turn, and otherwise answers its name. */
export function step(
  name: string,
  log: Log = [],
  { forward = [], undo = [] }: { forward?: readonly Error[]; undo?: readonly Error[] } = {},
): Step<Input> {
  const [forwards, undos] = [[...forward], [...undo]];
  return {
    name,
    landsWithinMs: 0,
    async forward(call) {
      log.push({ act: `do ${name}`, call });
      const error = forwards.shift();
      if (error !== undefined) throw error;
      return `${name} is done`;
    },
    async undo(call) {
      log.push({ act: `undo ${name}`, call });
      const error = undos.shift();
      if (error !== undefined) throw error;
    },
  };
}

export const actsOf = (log: Log): readonly string[] => log.map(({ act }) => act);

export type CompensationWorld = ReturnType<typeof compensationWorld>;

export function compensationWorld() {
  const things = stock();
  const money = bank();
  const clock = standingClock();
  const store = memoryRecordStore();
  const events: CompensationEvent[] = [];
  let ids = 0;
  const runs = (
    steps: readonly Step<Input>[],
    over: Partial<CompensationOptions<Input>> & { readonly store?: RecordStore } = {},
  ): CompensatedRuns<Input> =>
    compensatedRuns({
      steps,
      store,
      clock,
      newId: () => `change-${(ids += 1)}`,
      random: () => 0.5,
      observe: (event) => events.push(event),
      ...over,
    });
  const pass = (byMs: number): void => {
    clock.at = (clock.at + byMs) as EpochMs;
  };
  return { clock, events, money, pass, runs, store, things };
}
