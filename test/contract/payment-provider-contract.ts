/**
 * What every payment provider must do.
 */
import { beforeEach, expect, test } from "vitest";
import type { PaymentProvider } from "#services/payments/ports";

export type OpenedProvider = {
  readonly provider: PaymentProvider;
  /** Of every payment that the provider has ever made for the order. */
  amountsOf(orderId: string): readonly number[];
};

export function paymentProviderContract(
  open: () => OpenedProvider | Promise<OpenedProvider>,
): void {
  let opened: OpenedProvider;
  let provider: PaymentProvider;

  beforeEach(async () => {
    opened = await open();
    provider = opened.provider;
  });

  test("a payment is authorised for exactly what was asked", async () => {
    const payment = await provider.authorise(request("order-1", 1000));

    expect(payment).toEqual({
      paymentId: expect.any(String) as unknown,
      status: "authorised",
      amount: 1000,
      currency: "BRL",
      refunded: 0,
    });
    expect(opened.amountsOf("order-1")).toEqual([1000]);
  });

  test("a decline is an answer", async () => {
    const payment = await provider.authorise(request("order-1", 1013));

    expect(payment.status).toBe("declined");
    await expect(provider.capture(payment.paymentId, "order-1:capture")).rejects.toMatchObject({
      code: "provider-refused",
      action: "reject",
    });
  });

  test("a repeated key answers the same and moves no more money", async () => {
    const first = await provider.authorise(request("order-1", 1000));
    const captured = await provider.capture(first.paymentId, "order-1:capture");

    expect(captured).toEqual({ ...first, status: "captured" });
    expect(await provider.authorise(request("order-1", 1000))).toEqual(first);
    expect(await provider.capture(first.paymentId, "order-1:capture")).toEqual(captured);
    expect(opened.amountsOf("order-1")).toEqual([1000]);
  });

  test("of many requests with one key at once the money is counted once", async () => {
    const payments = await Promise.all(
      Array.from({ length: 10 }, () => provider.authorise(request("order-1", 1000))),
    );

    expect(new Set(payments.map(({ paymentId }) => paymentId)).size).toBe(1);
    expect(opened.amountsOf("order-1")).toEqual([1000]);
  });

  test("a key belongs to one request", async () => {
    await provider.authorise(request("order-1", 1000));

    await expect(provider.authorise(request("order-1", 2000))).rejects.toMatchObject({
      code: "provider-refused",
      action: "reject",
    });
    expect(opened.amountsOf("order-1")).toEqual([1000]);
  });

  test("what is voided is not captured", async () => {
    const { paymentId } = await provider.authorise(request("order-1", 1000));
    const voided = await provider.void(paymentId, "order-1:void");

    const capturing = provider.capture(paymentId, "order-1:capture");

    expect(voided.status).toBe("voided");
    await expect(capturing).rejects.toMatchObject({ code: "provider-refused" });
    expect(await provider.void(paymentId, "order-1:void")).toEqual(voided);
  });

  test("what is captured is not voided", async () => {
    const { paymentId } = await provider.authorise(request("order-1", 1000));
    await provider.capture(paymentId, "order-1:capture");

    const voiding = provider.void(paymentId, "order-1:void");

    await expect(voiding).rejects.toMatchObject({ code: "provider-refused", action: "reject" });
  });

  test("what is captured is paid back in parts, up to all of it", async () => {
    const { paymentId } = await provider.authorise(request("order-1", 1000));
    const captured = await provider.capture(paymentId, "order-1:capture");
    const first = await provider.refund(refundOf(paymentId, 300, "a"));
    const second = await provider.refund(refundOf(paymentId, 700, "b"));

    const tooMuch = provider.refund(refundOf(paymentId, 1, "c"));

    expect(first).toEqual({ ...captured, refunded: 300 });
    expect(second).toEqual({ ...captured, refunded: 1000 });
    await expect(tooMuch).rejects.toMatchObject({ code: "provider-refused", action: "reject" });
    expect(await provider.lookup("order-1:refund:c")).toBeUndefined();
    expect(await provider.lookup("order-1:capture")).toEqual(second);
  });

  test("a repeated refund answers the same and pays back no more", async () => {
    const { paymentId } = await provider.authorise(request("order-1", 1000));
    await provider.capture(paymentId, "order-1:capture");
    const first = await provider.refund(refundOf(paymentId, 300, "a"));
    await provider.refund(refundOf(paymentId, 300, "b"));

    const repeated = await provider.refund(refundOf(paymentId, 300, "a"));

    expect(repeated).toEqual(first);
    expect(await provider.lookup("order-1:refund:a")).toMatchObject({ refunded: 600 });
    await expect(provider.refund(refundOf(paymentId, 200, "a"))).rejects.toMatchObject({
      code: "provider-refused",
      action: "reject",
    });
  });

  test("of refunds at once no more is paid back than was taken", async () => {
    const { paymentId } = await provider.authorise(request("order-1", 1000));
    await provider.capture(paymentId, "order-1:capture");

    const ended = await Promise.allSettled([
      provider.refund(refundOf(paymentId, 600, "a")),
      provider.refund(refundOf(paymentId, 600, "b")),
      provider.refund(refundOf(paymentId, 600, "a")),
    ]);

    expect(ended.some(({ status }) => status === "fulfilled")).toBe(true);
    expect(await provider.lookup("order-1:capture")).toMatchObject({ refunded: 600 });
  });

  test("what is not captured is not paid back", async () => {
    const { paymentId } = await provider.authorise(request("order-1", 1000));

    const promised = provider.refund(refundOf(paymentId, 300, "a"));
    await expect(promised).rejects.toMatchObject({ code: "provider-refused", action: "reject" });
    await provider.void(paymentId, "order-1:void");
    const voided = provider.refund(refundOf(paymentId, 300, "b"));
    const unknown = provider.refund(refundOf("payment/0?", 300, "c"));

    await expect(voided).rejects.toMatchObject({ code: "provider-refused" });
    await expect(unknown).rejects.toMatchObject({ code: "provider-refused" });
    expect(await provider.lookup("order-1:authorise")).toMatchObject({ refunded: 0 });
  });

  test("an unknown payment is refused", async () => {
    await expect(provider.capture("payment/0?", "order-1:capture")).rejects.toMatchObject({
      code: "provider-refused",
      action: "reject",
    });
  });

  test("a look-up by any key of a payment answers it as it is now", async () => {
    const payment = await provider.authorise(request("order-1", 1000));
    const before = await provider.lookup("order-1:authorise");
    await provider.capture(payment.paymentId, "order-1:capture");

    expect(before).toEqual(payment);
    expect(await provider.lookup("order-1:authorise")).toEqual({ ...payment, status: "captured" });
    expect(await provider.lookup("order-1:capture")).toEqual({ ...payment, status: "captured" });
  });

  test("the look-up of a key that never arrived, or was refused, finds nothing", async () => {
    const { paymentId } = await provider.authorise(request("order-1", 1013));
    await provider.capture(paymentId, "order-1:capture").catch(() => undefined);

    expect(await provider.lookup("order-2:authorise")).toBeUndefined();
    expect(await provider.lookup("order-1:capture")).toBeUndefined();
  });
}

const refundOf = (paymentId: string, amount: number, refundId: string) => ({
  paymentId,
  amount,
  key: `order-1:refund:${refundId}`,
});

export const request = (orderId: string, amount: number) => ({
  key: `${orderId}:authorise`,
  orderId,
  amount,
  currency: "BRL",
});
