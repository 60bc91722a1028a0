import { expect, test } from "vitest";
import { memoryChargeStore } from "#adapters/memory/charge-store";
import { type DurationMs, type EpochMs, seconds } from "#kernel/units";
import { authoriseCharge } from "#services/provider/authorise-charge";
import { lookUpCharge } from "#services/provider/look-up-charge";
import { moveCharge } from "#services/provider/move-charge";
import { refundCharge } from "#services/provider/refund-charge";

test("a total is authorised unless its minor units end in 13", async () => {
  const provider = openProvider();

  const authorised = await provider.authorise("a", 1014);
  const declined = await provider.authorise("b", 213);

  expect(authorised.status).toBe("authorised");
  expect(declined.status).toBe("declined");
});

test("another ending is declined where the settings say so, or none", async () => {
  const [other, none] = [openProvider(undefined, 99), openProvider(undefined, null)];

  expect((await other.authorise("a", 1099)).status).toBe("declined");
  expect((await other.authorise("b", 1013)).status).toBe("authorised");
  expect((await none.authorise("c", 1013)).status).toBe("authorised");
});

test("a repeated key gets its first answer, also after the charge has changed", async () => {
  const { charges, authorise } = openProvider();
  const first = await authorise("a", 1000);
  const captured = await moveCharge(charges, "capture", first.paymentId, "c");

  const again = await authorise("a", 1000);

  expect(again).toEqual(first);
  expect(await moveCharge(charges, "capture", first.paymentId, "c")).toEqual(captured);
  expect(await lookUpCharge(charges, "a")).toMatchObject({ payment: { status: "captured" } });
  expect(charges.withReference("order")).toHaveLength(1);
});

test("a key belongs to one request", async () => {
  const { charges, authorise } = openProvider();
  const { paymentId } = await authorise("a", 1000);
  const reused = { code: "idempotency-key-reused", action: "reject" };

  await expect(authorise("a", 1001)).rejects.toMatchObject(reused);
  await expect(moveCharge(charges, "void", paymentId, "a")).rejects.toMatchObject(reused);
});

test.for([
  ["capture", "void"],
  ["void", "capture"],
  ["capture", "capture"],
] as const)("after a %s under one key, a %s under another is refused", async ([first, second]) => {
  const { charges, authorise } = openProvider();
  const { paymentId } = await authorise("a", 1000);
  await moveCharge(charges, first, paymentId, "key-1");

  const moving = moveCharge(charges, second, paymentId, "key-2");

  await expect(moving).rejects.toMatchObject({ code: "conflict", action: "reject" });
});

test("refunds add up to what was captured, whatever comes at once", async () => {
  const { charges, authorise } = openProvider();
  const { paymentId } = await authorise("a", 1000);
  await moveCharge(charges, "capture", paymentId, "c");
  const refund = (key: string) => refundCharge(charges, { paymentId, amount: 400, key });

  const ended = await Promise.allSettled(["r1", "r1", "r2", "r3", "r3"].map(refund));

  expect((await charges.byId(paymentId))?.refunded).toBe(800);
  expect(ended.filter(({ status }) => status === "rejected")).not.toEqual([]);
});

test("a refund's key belongs to one amount, and answers its first result for ever", async () => {
  const { charges, authorise } = openProvider();
  const { paymentId } = await authorise("a", 1000);
  await moveCharge(charges, "capture", paymentId, "c");
  const first = await refundCharge(charges, { paymentId, amount: 400, key: "r1" });
  await refundCharge(charges, { paymentId, amount: 600, key: "r2" });

  const again = await refundCharge(charges, { paymentId, amount: 400, key: "r1" });

  expect(first).toMatchObject({ status: "captured", refunded: 400 });
  expect(again).toEqual(first);
  expect(await moveCharge(charges, "capture", paymentId, "c")).toMatchObject({ refunded: 0 });
  await expect(refundCharge(charges, { paymentId, amount: 1, key: "r1" })).rejects.toMatchObject({
    code: "idempotency-key-reused",
  });
});

test("an unknown payment cannot be moved, an unknown key is no payment", async () => {
  const { charges } = openProvider();

  await expect(moveCharge(charges, "void", "pay_0", "k")).rejects.toMatchObject({
    code: "not-found",
  });
  expect(await lookUpCharge(charges, "k")).toEqual({});
});

test("of twins with one key both get the same payment", async () => {
  const { charges, authorise } = openProvider();

  const [one, other] = await Promise.all([authorise("a", 1000), authorise("a", 1000)]);

  expect(one).toEqual(other);
  expect(charges.withReference("order")).toHaveLength(1);
});

test("a late total is taken before its answer is held back, and repeated at once", async () => {
  const { charges, authorise, slept } = openProvider(seconds(6));

  const first = await authorise("a", 1017);
  const repeated = await authorise("a", 1017);
  await authorise("b", 1018);

  expect(slept).toEqual([{ lasting: seconds(6), chargesBefore: 1 }]);
  expect(repeated).toEqual(first);
  expect(charges.withReference("order")).toHaveLength(2);
});

test("no answer is late where that is switched off", async () => {
  const { authorise, slept } = openProvider();

  await authorise("a", 1017);

  expect(slept).toEqual([]);
});

function openProvider(lateAnswer?: DurationMs, declinedEnding: number | null = 13) {
  const charges = memoryChargeStore();
  const slept: { readonly lasting: DurationMs; readonly chargesBefore: number }[] = [];
  let ids = 0;
  const ports = {
    charges,
    newId: () => {
      ids += 1;
      return String(ids);
    },
    clock: {
      now: () => 0 as EpochMs,
      sleep: async (lasting: DurationMs) => {
        slept.push({ lasting, chargesBefore: charges.withReference("order").length });
      },
    },
    lateAnswer,
  };
  const authorise = (key: string, amount: number) =>
    authoriseCharge(
      ports,
      key,
      { amount, currency: "BRL", reference: "order" },
      { declinedEnding },
    );
  return { charges, slept, authorise };
}
