import { expect, test } from "vitest";
import { memoryStockStore } from "#adapters/memory/stock-store";
import type { EpochMs } from "#kernel/units";
import { releaseStock } from "#services/inventory/release-stock";
import { reserveStock } from "#services/inventory/reserve-stock";

const now = 1_700_000_000_000 as EpochMs;
const orderId = "0123456789ABCDEFGHJKMNPQRS";

test("lines of one SKU are reserved as one", async () => {
  const stock = memoryStockStore();
  await stock.receive("chair", 3);

  await reserveStock(stock, { orderId, lines: [line("chair", 1), line("chair", 2)] }, now);

  expect(await stock.levels(["chair"])).toEqual([
    { sku: "chair", onHand: 3, reserved: 3, sold: 0 },
  ]);
});

test("lines of one SKU that are too many together are refused by its name", async () => {
  const stock = memoryStockStore();
  await stock.receive("chair", 2);
  await stock.receive("lamp", 5);

  const reserving = reserveStock(
    stock,
    { orderId, lines: [line("chair", 1), line("lamp", 1), line("chair", 2)] },
    now,
  );

  await expect(reserving).rejects.toMatchObject({
    code: "out-of-stock",
    action: "reject",
    details: [
      { pointer: "/lines/0", sku: "chair", requested: 3, available: 2 },
      { pointer: "/lines/2", sku: "chair", requested: 3, available: 2 },
    ],
  });
  expect((await stock.levels(["chair", "lamp"])).map(({ reserved }) => reserved)).toEqual([0, 0]);
});

test("a repeated reservation answers the same and takes no more", async () => {
  const stock = memoryStockStore();
  await stock.receive("chair", 2);
  const command = { orderId, lines: [line("chair", 1)] };
  const first = await reserveStock(stock, command, now);

  const second = await reserveStock(stock, command, now);

  expect(second).toEqual(first);
  expect(await stock.levels(["chair"])).toEqual([
    { sku: "chair", onHand: 2, reserved: 1, sold: 0 },
  ]);
});

test("a reservation that arrives after its release is refused", async () => {
  const stock = memoryStockStore();
  await stock.receive("chair", 2);
  await releaseStock(stock, { orderId }, now);

  const late = reserveStock(stock, { orderId, lines: [line("chair", 1)] }, now);

  await expect(late).rejects.toMatchObject({ code: "step-cancelled", action: "reject" });
  expect(await stock.levels(["chair"])).toEqual([
    { sku: "chair", onHand: 2, reserved: 0, sold: 0 },
  ]);
});

const line = (sku: string, quantity: number) => ({ sku, quantity });
