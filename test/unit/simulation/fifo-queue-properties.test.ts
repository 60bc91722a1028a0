// The order within a group of the FIFO queue's model, whatever its users do.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type FifoQueue, fifoQueue, type Received } from "#simulation/fifo-queue";

const VISIBILITY = 30_000;

const step = fc.oneof(
  fc.record({ kind: fc.constant("send" as const), group: fc.constantFrom("a", "b", "c") }),
  fc.record({ kind: fc.constant("receive" as const), max: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ kind: fc.constant("delete" as const), which: fc.nat(30) }),
  fc.record({
    kind: fc.constant("hide" as const),
    which: fc.nat(30),
    ms: fc.constantFrom(0, 1_000, 2 * VISIBILITY),
  }),
  fc.record({ kind: fc.constant("wait" as const), ms: fc.nat(VISIBILITY) }),
);
const picks = fc.array(fc.nat(9), { minLength: 1, maxLength: 20 });

/** Bodies are numbered as they are sent, so that they tell the order of arrival. */
const numbers = (
  messages: readonly { readonly body: string; readonly group: string }[],
  group: string,
): readonly number[] =>
  messages.filter((each) => each.group === group).map(({ body }) => Number(body));

/** What of each group was received although an earlier one of it is left. */
function overtakes(queue: FifoQueue, batch: readonly Received[], now: number): readonly string[] {
  const groups = [...new Set(batch.map(({ group }) => group))];
  return groups.flatMap((group) => {
    const all = numbers(batch, group);
    const got = all.join(" ");
    const left = numbers(queue.contents(now), group).slice(0, all.length).join(" ");
    return got === left ? [] : [`${group}: got ${got}, but ${left} come first`];
  });
}

test("a receive takes of each group exactly what has waited longest", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), picks, (steps, choices) => {
      let now = 1_000_000;
      let sent = 0;
      const records: Received[] = [];
      const queue = fifoQueue({
        visibilityMs: VISIBILITY,
        deadLetterQueue: fifoQueue({ visibilityMs: VISIBILITY }),
        maxReceiveCount: 3,
        pick: (groups) => groups[(choices[sent % choices.length] ?? 0) % groups.length] ?? "",
      });
      const handle = (which: number): string => records[which]?.receiptHandle ?? "";
      const wrong: string[] = [];
      for (const each of steps) {
        if (each.kind === "send") {
          sent += 1;
          const body = String(sent);
          queue.send({ body, group: each.group, deduplicationId: body }, now);
        } else if (each.kind === "wait") now += each.ms;
        else if (each.kind === "delete") queue.delete(handle(each.which), now);
        else if (each.kind === "hide") queue.changeVisibility(handle(each.which), each.ms, now);
        else {
          const batch = queue.receive(each.max, now);
          wrong.push(...overtakes(queue, batch, now));
          records.push(...batch);
        }
      }
      expect(wrong).toEqual([]);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("a dead-letter queue has each group in the order in which it was sent", () => {
  const batches = fc.array(fc.tuple(fc.nat(VISIBILITY), fc.integer({ min: 1, max: 10 })), {
    minLength: 5,
    maxLength: 40,
  });
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "b"), { maxLength: 12 }), batches, (groups, plan) => {
      const deadLetterQueue = fifoQueue({ visibilityMs: VISIBILITY });
      const queue = fifoQueue({ visibilityMs: VISIBILITY, deadLetterQueue, maxReceiveCount: 2 });
      for (const [index, group] of groups.entries()) {
        const body = String(index + 1);
        queue.send({ body, group, deduplicationId: body }, 0);
      }
      let now = 0;
      for (const [ms, max] of plan) {
        now += ms;
        queue.receive(max, now);
      }
      const dead = deadLetterQueue.contents(now);
      for (const group of ["a", "b"]) {
        const order = numbers(dead, group);
        expect(order).toEqual(order.toSorted((a, b) => a - b));
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});
