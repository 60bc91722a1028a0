/**
 * A consumer of the external kind over heads in memory: who is called, with which key, can be read
 * back.
 */
import { memoryDeadLetters } from "#adapters/memory/dead-letters";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryHeadStore } from "#adapters/memory/head-store";
import { Failure } from "#kernel/failure";
import { type DurationMs, milliseconds } from "#kernel/units";
import {
  type Call,
  type ConsumerSettings,
  type HeadStore,
  type Message,
  orderedConsumer,
  type StartAt,
} from "#messaging";
import { deliveries, envelope, standingClock, unhurried } from "./consumer-world.ts";

export const LEASE = milliseconds(10_000);

export function externalWorld(
  settings: Partial<ConsumerSettings> = {},
  leaseMs: DurationMs = LEASE,
  startAt: StartAt = "first",
) {
  const heads = memoryHeadStore(memoryEventStore()) as unknown as HeadStore;
  const deadLetters = memoryDeadLetters();
  const clock = standingClock();
  const calls: (Call & { readonly id: string })[] = [];
  let answer: (message: Message, call: Call) => Promise<void> = async () => undefined;
  let ids = 0;
  const sandbox = (over: { readonly heads?: HeadStore } = {}) =>
    orderedConsumer({
      handler: {
        kind: "external",
        leaseMs,
        call: (message, call) => {
          calls.push({ ...call, id: message.id });
          return answer(message, call);
        },
      },
      heads,
      deadLetters,
      clock,
      newId: () => `run-${(ids += 1)}`,
      settings,
      startAt,
      ...over,
    });
  return {
    heads,
    deadLetters,
    clock,
    calls,
    sandbox,
    answers: (other: typeof answer) => {
      answer = other;
    },
    head: async (stream: string) => {
      const head = await heads.read(stream);
      if (head === undefined) throw new Error(`stream ${stream} has no head`);
      return head;
    },
  };
}

/** Its sandbox dies while the call is under way: nothing is settled. */
export async function deadClaimant(world: ReturnType<typeof externalWorld>, id = "a#1") {
  let commits = 0;
  const dying: HeadStore = {
    ...world.heads,
    commit: async (commit) => {
      commits += 1;
      if (commits > 1) throw new Failure("store-unavailable", "retry", "the sandbox is gone");
      return await world.heads.commit(commit);
    },
  };
  await world
    .sandbox({ heads: dying })
    .consume([deliveries()(envelope("a", 1, { id }))], unhurried);
}
