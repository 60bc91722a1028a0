// Sendings of many orders, mixed as far as they are meant to be and no further.
import { expect, test } from "vitest";
import type { Sending } from "#replay/fulfilment";
import { sendSchedule } from "#replay/send-schedule";

const sending = (sequence: number, slot: number, repeat = false): Sending => ({
  sequence,
  slot,
  repeat,
});

const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Sends take their time; what is begun and how many at once is remembered. */
function recorder() {
  const begun: string[] = [];
  let inside = 0;
  const seen = { most: 0 };
  const sender = (order: string) => async (one: Sending) => {
    begun.push(`${order}${one.sequence}${one.repeat ? "again" : ""}`);
    inside += 1;
    seen.most = Math.max(seen.most, inside);
    await soon();
    inside -= 1;
  };
  return { begun, seen, sender };
}

test("an order's sendings leave one after the other, orders beside each other", async () => {
  const { begun, seen, sender } = recorder();
  const schedule = sendSchedule(8);
  schedule.expect();
  schedule.expect();

  await Promise.all(
    ["a", "b"].map((order) =>
      schedule.add([sending(1, 0), sending(2, 1), sending(3, 2)], sender(order)),
    ),
  );

  expect(begun.filter((name) => name.startsWith("a"))).toEqual(["a1", "a2", "a3"]);
  expect(begun.filter((name) => name.startsWith("b"))).toEqual(["b1", "b2", "b3"]);
  expect(seen.most).toBe(2);
});

test("a repetition may leave while its first sending is on its way, but not before", async () => {
  const { begun, seen, sender } = recorder();
  const schedule = sendSchedule(8);
  schedule.expect();

  await schedule.add([sending(1, 0), sending(1, 0, true), sending(2, 1)], sender("a"));

  expect(begun).toEqual(["a1", "a1again", "a2"]);
  expect(seen.most).toBe(2);
});

test("one that falls behind lets so many of other orders go before", async () => {
  const { begun, sender } = recorder();
  const schedule = sendSchedule(1);
  for (const _order of ["a", "b", "c"]) schedule.expect();

  const first = schedule.add([sending(1, 4)], sender("a"));
  await soon();
  expect(begun).toEqual([]);
  await Promise.all([
    first,
    schedule.add([sending(1, 0), sending(2, 1)], sender("b")),
    schedule.add([sending(1, 0), sending(2, 1)], sender("c")),
  ]);

  expect(begun.indexOf("a1")).toBe(4);
});

test("nobody is waited for who will not come", async () => {
  const { begun, sender } = recorder();
  const schedule = sendSchedule(2);
  schedule.expect();
  schedule.expect();

  const sent = schedule.add([sending(1, 20)], sender("a"));
  await soon();
  expect(begun).toEqual([]);
  schedule.dismiss();
  await sent;

  expect(begun).toEqual(["a1"]);
});

test("when enough of them wait they go among themselves", async () => {
  const { begun, sender } = recorder();
  const schedule = sendSchedule(4);
  // One order more than will ever come.
  schedule.expect();

  const all = Array.from({ length: 24 }, (_, index) => {
    schedule.expect();
    return schedule.add([sending(1, 50)], sender(`order-${index}-`));
  });
  await all[0];

  expect(begun).toContain("order-0-1");
  schedule.dismiss();
  await Promise.all(all);
  expect(begun).toHaveLength(24);
});

test("a sending that fails fails its own order alone, whose rest is not sent", async () => {
  const { begun, sender } = recorder();
  const schedule = sendSchedule(1);
  schedule.expect();
  schedule.expect();
  const broken = async (): Promise<void> => {
    begun.push("broken");
    throw new Error("refused");
  };

  const bad = schedule.add([sending(1, 0), sending(2, 1)], broken);
  const good = schedule.add([sending(1, 0)], sender("good"));

  await expect(bad).rejects.toThrow("refused");
  await good;
  expect(begun.filter((name) => name === "broken")).toHaveLength(1);
});

test("an order with nothing to send is done at once", async () => {
  const schedule = sendSchedule(1);
  schedule.expect();

  await expect(schedule.add([], async () => undefined)).resolves.toBeUndefined();
});
