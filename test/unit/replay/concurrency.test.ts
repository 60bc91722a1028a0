// Bounds on what runs at once, and what happens to the rest when something fails.
import { expect, test } from "vitest";
import { mapConcurrently, turnstile } from "#replay/concurrency";

/** Work that ends when it is told to. */
function gates() {
  const opened: (() => void)[] = [];
  const open = (index: number) => opened[index]?.();
  const wait = () => new Promise<void>((resolve) => opened.push(resolve));
  return { open, wait, begun: () => opened.length };
}

const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

test("no more than agreed run at once, and the next in line follows whoever ends", async () => {
  const inTurn = turnstile(2);
  const { open, wait, begun } = gates();
  const all = [1, 2, 3, 4].map(() => inTurn(wait));

  await soon();
  expect(begun()).toBe(2);
  open(1);
  await soon();
  expect(begun()).toBe(3);
  open(0);
  open(2);
  await soon();
  expect(begun()).toBe(4);
  open(3);
  await Promise.all(all);
});

test("it opens as those who were let in first leave", async () => {
  const inTurn = turnstile(3, 1);
  const { open, wait, begun } = gates();
  const all = [1, 2, 3, 4, 5, 6, 7].map(() => inTurn(wait));

  const begunAfter: number[] = [];
  for (const ended of [undefined, 0, 1, 2, 3]) {
    if (ended !== undefined) open(ended);
    await soon();
    begunAfter.push(begun());
  }
  for (const index of [4, 5, 6]) {
    open(index);
    await soon();
  }
  await Promise.all(all);

  expect(begunAfter).toEqual([1, 3, 5, 6, 7]);
});

test("work that fails gives its place away", async () => {
  const inTurn = turnstile(1);

  const bad = inTurn(() => Promise.reject(new Error("no")));
  const good = inTurn(async () => "yes");

  await expect(bad).rejects.toThrow("no");
  expect(await good).toBe("yes");
});

test("results come in the items' order, whatever ends first", async () => {
  const { open, wait } = gates();

  const all = mapConcurrently(["a", "b", "c"], 3, async (item, index) => {
    await wait();
    return `${item}${index}`;
  });
  await soon();
  open(2);
  await soon();
  open(0);
  open(1);

  expect(await all).toEqual(["a0", "b1", "c2"]);
});

test("after a failure nothing new begins, what runs ends, and all failures are told", async () => {
  const { open, wait, begun } = gates();
  const all = mapConcurrently([1, 2, 3, 4, 5], 2, async (item) => {
    await wait();
    throw new Error(`item ${item}`);
  });

  await soon();
  open(0);
  await soon();
  expect(begun()).toBe(2);
  open(1);

  await expect(all).rejects.toMatchObject({
    errors: [new Error("item 1"), new Error("item 2")],
  });
});

test("what fails for one reason says it once", async () => {
  const all = mapConcurrently(["first", "first", "second"], 3, async (why) => {
    throw new Error(why);
  });

  await expect(all).rejects.toThrow(/^first\nsecond$/);
});

test("no items are done at once", async () => {
  expect(await mapConcurrently([], 3, async () => 1)).toEqual([]);
});
