/**
 * A cold start: the production consumer with the user's handler in it, and between them and
 * everything that they reach a network that may do anything.
 */
import { memoryHeads } from "#adapters/memory/head-store";
import type { MemoryTable } from "#adapters/memory/table";
import {
  type ConsumerEvent,
  type ConsumerSettings,
  type DeadLetters,
  type EffectsHandler,
  orderedConsumer,
  type QueueRecord,
  type BatchAnswer,
} from "#messaging";
import { farHeads } from "../far-heads.ts";
import type { Invocation } from "../lambda-host.ts";
import type { SimulatedProcess } from "../process.ts";
import type { Remote } from "../remote.ts";
import { asMemory, itemIn } from "./item-table.ts";
import { handlerIn } from "./reference.ts";
import type { SimulatedWrite, SimulationPlace, Subject } from "./subject.ts";

export type SandboxOptions<Outside> = {
  readonly subject: Subject<Outside>;
  readonly outside: Outside;
  readonly remote: Remote;
  readonly table: MemoryTable;
  readonly consumer: string;
  readonly settings: Partial<ConsumerSettings>;
  readonly deadLetters: DeadLetters;
  readonly newId: () => string;
  readonly observe: (process: SimulatedProcess, event: ConsumerEvent) => void;
};

export function sandbox<Outside>(
  options: SandboxOptions<Outside>,
): (
  process: SimulatedProcess,
) => (invocation: Invocation<readonly QueueRecord[]>) => Promise<BatchAnswer> {
  const { subject, table, consumer: name, remote, deadLetters } = options;
  const store = memoryHeads({ table }, asMemory(table, subject.keys), { consumer: name });
  return (process) => {
    const handler = handlerIn(subject, placeOf(process, options));
    const consumer = orderedConsumer({
      // The kinds are told apart when it runs.
      handler: handler as EffectsHandler<unknown, SimulatedWrite>,
      heads: farHeads(process, store, remote),
      deadLetters: {
        bury: (record, cause) =>
          remote.call(
            process,
            { port: "dead-letters.bury", subject: record.group, kind: "write" },
            () => deadLetters.bury(record, cause),
          ),
      },
      clock: process.clock,
      newId: options.newId,
      settings: options.settings,
      // Whatever is missing comes in the end; what the kit proves is the handler.
      recovery: { gap: { severity: "critical", recovery: { kind: "failsafe" } } },
      observe: (event) => options.observe(process, event),
    });
    return ({ batch, remainingMs, near }) => consumer.consume(batch, { remainingMs, near });
  };
}

const placeOf = <Outside>(
  process: SimulatedProcess,
  { remote, table, outside }: SandboxOptions<Outside>,
): SimulationPlace<Outside> => ({
  outside,
  get: (name, key) =>
    remote.call(process, { port: "items.get", subject: name, kind: "read" }, async () =>
      itemIn(table, name, key),
    ),
  call: (effect) =>
    remote.call(process, { port: "outside.call", subject: "outside", kind: "write" }, async () =>
      effect(outside),
    ),
});
