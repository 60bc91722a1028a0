// Receiving stock: up to a level, repeatable, and never many writes at once.
import { expect, test } from "vitest";
import { memoryStockStore } from "#adapters/memory/stock-store";
import { Failure } from "#kernel/failure";
import { raiseStock } from "#services/inventory/receive-stock";
import { readStock } from "#services/inventory/read-stock";

const levels = Array.from({ length: 100 }, (_, index) => ({ sku: `sku-${index}`, available: 7 }));

test("every SKU is raised to its level once", async () => {
  const stock = memoryStockStore();

  const first = await raiseStock({ stock }, { levels });
  const again = await raiseStock({ stock }, { levels });

  expect([first, again]).toEqual([{ written: 100 }, { written: 0 }]);
  expect(await readStock({ stock }, "sku-99")).toMatchObject({ available: 7, reserved: 0 });
});

test("of several levels of one SKU the highest counts", async () => {
  const stock = memoryStockStore();
  const several = [2, 9, 4].map((available) => ({ sku: "lamp", available }));

  const answer = await raiseStock({ stock }, { levels: several });

  expect(answer).toEqual({ written: 1 });
  expect(await readStock({ stock }, "lamp")).toMatchObject({ available: 9 });
});

test("at most eight are under way at once", async () => {
  let underWay = 0;
  let most = 0;
  const stock = {
    ...memoryStockStore(),
    async receive() {
      underWay += 1;
      most = Math.max(most, underWay);
      await Promise.resolve();
      underWay -= 1;
      return true;
    },
  };

  await raiseStock({ stock }, { levels });

  expect(most).toBe(8);
});

test("a store that fails is told, not counted", async () => {
  const failure = new Failure("store-throttled", "retry", "busy");
  const stock = { ...memoryStockStore(), receive: () => Promise.reject(failure) };

  await expect(raiseStock({ stock }, { levels })).rejects.toBe(failure);
});
