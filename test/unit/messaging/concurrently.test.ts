// Work side by side, within a bound.
import { expect, test } from "vitest";
import { concurrently } from "#messaging/consumer/concurrently";

test("no more than the bound run at once, and all of them run", async () => {
  let running = 0;
  let most = 0;
  const done: number[] = [];
  const works = Array.from({ length: 10 }, (_, index) => async () => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    done.push(index);
  });

  await concurrently(works, 4);

  expect(most).toBe(4);
  expect(done.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("one that fails is told when the others have ended", async () => {
  const done: string[] = [];
  const works = [
    () => Promise.reject(new Error("broken")),
    async () => {
      await Promise.resolve();
      await Promise.resolve();
      done.push("other");
    },
  ];

  await expect(concurrently(works, 2)).rejects.toThrow("broken");
  expect(done).toEqual(["other"]);
});

test("nothing to do is done", async () => {
  await expect(concurrently([], 4)).resolves.toBeUndefined();
});
