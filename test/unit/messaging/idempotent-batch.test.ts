// A batch of work with a key for each item: a retry goes on where it failed.
import { expect, test } from "vitest";
import { idempotentBatch } from "#messaging/idempotency/index";
import { unhurried } from "../../support/consumer-world.ts";
import { textWith } from "../../support/matching.ts";
import { type Charge, onceWorld } from "../../support/once-world.ts";

const batch: readonly Charge[] = [1, 2, 3, 4].map((amount) => ({ id: `order-${amount}`, amount }));

/** Fails for the amounts in `failing`, which a test may change. */
function world(over: Partial<Parameters<typeof idempotentBatch<Charge>>[0]> = {}) {
  const failing = new Set<number>();
  const once = onceWorld({
    effect: async ({ amount }) => {
      if (failing.has(amount)) throw new Error(`no ${amount}`);
      return `charged ${amount}`;
    },
  });
  return { ...once, failing, run: idempotentBatch({ ...once.options, ...over }) };
}

const kinds = (answers: readonly { readonly kind: string }[]) => answers.map(({ kind }) => kind);

test("a retry replays what was done and goes on where the batch failed", async () => {
  const { run, failing, ran } = world();
  failing.add(3);

  expect(kinds(await run(batch, unhurried))).toEqual(["ran", "ran", "failed", "not-begun"]);
  expect(ran.map(({ amount }) => amount)).toEqual([1, 2, 3]);

  failing.clear();
  const second = await run(batch, unhurried);

  expect(second).toMatchObject([
    { kind: "replayed", result: "charged 1" },
    { kind: "replayed", result: "charged 2" },
    { kind: "ran", result: "charged 3" },
    { kind: "ran", result: "charged 4" },
  ]);
  expect(ran.map(({ amount }) => amount)).toEqual([1, 2, 3, 3, 4]);
});

test("items that have nothing to do with each other go on after a failure", async () => {
  const { run, failing } = world({ afterFailure: "go-on" });
  failing.add(2);

  const answers = await run(batch, unhurried);

  expect(kinds(answers)).toEqual(["ran", "failed", "ran", "ran"]);
  expect(answers[1]).toMatchObject({ failure: { message: textWith("no 2") } });
});

test("answers come in the order of the batch, however many run at once", async () => {
  const { run } = world({ atOnceMax: 4, afterFailure: "go-on" });

  const answers = await run(batch, unhurried);

  expect(answers.map((answer) => "result" in answer && answer.result)).toEqual(
    batch.map(({ amount }) => `charged ${amount}`),
  );
});

test("an item twice in one batch is had once", async () => {
  const { run, ran } = world();
  const [first] = batch;

  const answers = await run([first, first] as readonly Charge[], unhurried);

  expect(kinds(answers)).toEqual(["ran", "replayed"]);
  expect(ran).toHaveLength(1);
});

test("no item is begun that may outlast the invocation", async () => {
  const { run, ran } = world();
  const left = [10_000, 9_999, 9_000, 8_000];

  const answers = await run(batch, { remainingMs: () => left.shift() ?? 0 });

  expect(kinds(answers)).toEqual(["ran", "not-begun", "not-begun", "not-begun"]);
  expect(answers[1]).toEqual({ kind: "not-begun", why: "deadline" });
  expect(ran).toHaveLength(1);
});

test("an item without a key fails alone", async () => {
  const { run } = world({ afterFailure: "go-on" });

  const answers = await run([{ amount: 1 }, ...batch.slice(1)], unhurried);

  expect(kinds(answers)).toEqual(["failed", "ran", "ran", "ran"]);
  expect(answers[0]).toMatchObject({ failure: { code: "idempotency-key-missing" } });
});

test("an empty batch has no answers, and a bound that is none is refused", async () => {
  expect(await world().run([], unhurried)).toEqual([]);
  expect(() => world({ atOnceMax: 0 })).toThrow("atOnceMax must be an integer from 1 to 1000");
});
