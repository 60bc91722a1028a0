/**
 * What every store of the simulated provider's charges must do.
 */
import { beforeEach, expect, test } from "vitest";
import type { Charge, ChargeStore, KeyedAnswer } from "#services/provider/ports";

export function chargeStoreContract(open: () => ChargeStore | Promise<ChargeStore>): void {
  let store: ChargeStore;

  beforeEach(async () => {
    store = await open();
  });

  test("a charge is found by its id and by the key that made it", async () => {
    const charge = freshCharge();
    const answer = answerTo(fresh("key"), charge);

    const written = await store.create(charge, answer);

    expect(written).toBe("written");
    expect(await store.byId(charge.paymentId)).toEqual(charge);
    expect(await store.byKey(answer.key)).toEqual({ ...answer, charge });
  });

  test("unknown ids and keys are absent", async () => {
    expect(await store.byId(fresh("payment"))).toBeUndefined();
    expect(await store.byKey(fresh("key"))).toBeUndefined();
  });

  test("a used key makes no second charge", async () => {
    const first = freshCharge();
    const second = freshCharge();
    const answer = answerTo(fresh("key"), first);
    await store.create(first, answer);

    const written = await store.create(second, { ...answer, paymentId: second.paymentId });

    expect(written).toBe("exists");
    expect(await store.byId(second.paymentId)).toBeUndefined();
    expect(await store.byKey(answer.key)).toEqual({ ...answer, charge: first });
  });

  test("a taken id makes no second charge, and its key stays free", async () => {
    const charge = freshCharge();
    await store.create(charge, answerTo(fresh("key"), charge));
    const other = answerTo(fresh("key"), charge);

    const written = await store.create({ ...charge, amount: 1 }, other);

    expect(written).toBe("conflict");
    expect(await store.byId(charge.paymentId)).toEqual(charge);
    expect(await store.byKey(other.key)).toBeUndefined();
  });

  test("a move changes the status, and the first key answers as before", async () => {
    const charge = freshCharge();
    const made = answerTo(fresh("key"), charge);
    await store.create(charge, made);
    const captured: Charge = { ...charge, status: "captured" };
    const moved = answerTo(fresh("key"), captured);

    const written = await store.move(charge.paymentId, ["authorised"], "captured", moved);

    expect(written).toBe("written");
    expect(await store.byKey(moved.key)).toEqual({ ...moved, charge: captured });
    expect(await store.byKey(made.key)).toEqual({ ...made, charge: captured });
  });

  test("a move from another status, or of an unknown charge, changes nothing", async () => {
    const charge = freshCharge();
    await store.create(charge, answerTo(fresh("key"), charge));
    const answer = answerTo(fresh("key"), charge);

    const written = [
      await store.move(charge.paymentId, ["captured", "declined"], "voided", answer),
      await store.move(fresh("payment"), ["authorised"], "voided", answer),
    ];

    expect(written).toEqual(["conflict", "conflict"]);
    expect(await store.byId(charge.paymentId)).toEqual(charge);
    expect(await store.byKey(answer.key)).toBeUndefined();
  });

  test("a move under a used key changes nothing", async () => {
    const charge = freshCharge();
    const made = answerTo(fresh("key"), charge);
    await store.create(charge, made);

    const written = await store.move(charge.paymentId, ["authorised"], "voided", made);

    expect(written).toBe("exists");
    expect(await store.byId(charge.paymentId)).toEqual(charge);
  });

  test("a repeated move is told that its key is used, not that the charge has moved", async () => {
    const charge = freshCharge();
    await store.create(charge, answerTo(fresh("key"), charge));
    const answer = answerTo(fresh("key"), { ...charge, status: "voided" });
    await store.move(charge.paymentId, ["authorised"], "voided", answer);

    expect(await store.move(charge.paymentId, ["authorised"], "voided", answer)).toBe("exists");
  });

  test("of a capture and a void at once exactly one takes effect", async () => {
    const charge = freshCharge();
    await store.create(charge, answerTo(fresh("key"), charge));
    const move = (to: "captured" | "voided") =>
      store.move(charge.paymentId, ["authorised"], to, answerTo(fresh("key"), charge));

    const written = await Promise.all([move("captured"), move("voided")]);

    expect(written.toSorted()).toEqual(["conflict", "written"]);
  });

  test("a refund adds to what is paid back, and earlier keys answer as before", async () => {
    const charge: Charge = { ...freshCharge(), status: "captured" };
    const made = answerTo(fresh("key"), charge);
    await store.create(charge, made);
    const partly: Charge = { ...charge, refunded: 300 };
    const refund = answerTo(fresh("key"), partly);

    const written = await store.refund(charge, 300, refund);

    expect(written).toBe("written");
    expect(await store.byKey(refund.key)).toEqual({ ...refund, charge: partly });
    expect(await store.byKey(made.key)).toEqual({ ...made, charge: partly });
  });

  test("a refund of a charge that has changed since, or under a used key, is none", async () => {
    const charge: Charge = { ...freshCharge(), status: "captured" };
    await store.create(charge, answerTo(fresh("key"), charge));
    const first = answerTo(fresh("key"), charge);
    await store.refund(charge, 300, first);
    const partly: Charge = { ...charge, refunded: 300 };

    const written = [
      await store.refund(charge, 300, answerTo(fresh("key"), charge)),
      await store.refund(partly, 300, first),
      await store.refund({ ...partly, status: "voided" }, 300, answerTo(fresh("key"), charge)),
      await store.refund(freshCharge(), 300, answerTo(fresh("key"), charge)),
    ];

    expect(written).toEqual(["conflict", "exists", "conflict", "conflict"]);
    expect(await store.byId(charge.paymentId)).toEqual(partly);
  });

  test("of many twins with one key exactly one makes a charge", async () => {
    const key = fresh("key");
    const charges = Array.from({ length: 10 }, freshCharge);

    const written = await Promise.all(
      charges.map((charge) => store.create(charge, answerTo(key, charge))),
    );

    expect(written.filter((answer) => answer === "written")).toHaveLength(1);
    expect(written.filter((answer) => answer === "exists")).toHaveLength(9);
  });
}

let made = 0;
const fresh = (name: string): string => {
  made += 1;
  return `${name}-${made}`;
};

const freshCharge = (): Charge => ({
  paymentId: fresh("payment"),
  status: "authorised",
  amount: 1000,
  currency: "BRL",
  reference: "order-1",
  refunded: 0,
});

const answerTo = (key: string, { paymentId, status, refunded }: Charge): KeyedAnswer => ({
  key,
  requestHash: `hash of ${key}`,
  paymentId,
  status,
  refunded,
});
