import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { httpPaymentProvider } from "#adapters/http/payment-provider";
import { memoryPaymentProvider } from "#adapters/memory/payment-provider";
import { milliseconds } from "#kernel/units";
import { openProviderServer, type ProviderServer } from "../support/provider-server.ts";
import { paymentProviderContract, request } from "./payment-provider-contract.ts";

/** Long enough for any answer that comes at all. */
const patient = milliseconds(10_000);
/** For answers that never come. */
const impatient = milliseconds(300);

const validAnswer = JSON.stringify({
  paymentId: "pay-1",
  status: "authorised",
  amount: 1000,
  currency: "BRL",
  reference: "order-1",
  refunded: 0,
});

describe("in memory", () => {
  paymentProviderContract(() => {
    const provider = memoryPaymentProvider();
    return {
      provider,
      amountsOf: (orderId) => provider.paymentsOf(orderId).map(({ amount }) => amount),
    };
  });
});

describe("over HTTP", () => {
  paymentProviderContract(async () => {
    const server = await openProviderServer();
    return { provider: clientOf(server), amountsOf: (orderId) => amountsAt(server, orderId) };
  });

  test("money taken without an answer in time is found by its key and taken once", async () => {
    const server = await openProviderServer();
    const provider = clientOf(server, impatient);

    const authorising = provider.authorise(request("order-1", 1017));
    await expect(authorising).rejects.toMatchObject({ code: "outcome-unknown", action: "retry" });
    const found = await provider.lookup("order-1:authorise");

    expect(found).toMatchObject({ status: "authorised", amount: 1017 });
    expect(await provider.authorise(request("order-1", 1017))).toEqual(found);
    expect(amountsAt(server, "order-1")).toEqual([1017]);
  });

  test("answers that break off twice are unknown, and the money is taken once", async () => {
    const server = await openProviderServer();
    server.faults.push("drops-the-answer", "drops-the-answer");

    const authorising = clientOf(server).authorise(request("order-1", 1000));

    await expect(authorising).rejects.toMatchObject({ code: "outcome-unknown", action: "retry" });
    expect(server.requests).toEqual(["POST /payments", "POST /payments"]);
    expect(amountsAt(server, "order-1")).toEqual([1000]);
  });

  test("a connection that is lost once is tried again with the same key", async () => {
    const server = await openProviderServer();
    server.faults.push("drops-the-request");

    const payment = await clientOf(server).authorise(request("order-1", 1000));

    expect(payment.status).toBe("authorised");
    expect(amountsAt(server, "order-1")).toEqual([1000]);
  });

  test("a refusal of the second sending tells nothing of the first", async () => {
    const server = await openProviderServer();
    const refusal = { status: 401, body: "{}", carriedOut: false };
    server.faults.push("drops-the-answer", refusal);

    const authorising = clientOf(server).authorise(request("order-1", 1000));

    await expect(authorising).rejects.toMatchObject({ code: "outcome-unknown", action: "retry" });
    expect(amountsAt(server, "order-1")).toEqual([1000]);
  });

  test.for(["authorise", "capture", "void", "refund"] as const)(
    "a provider set to be silent carries out each %s, and only a look-up tells",
    async (operation) => {
      const server = await openProviderServer();
      const provider = clientOf(server, impatient);
      const { paymentId } = await provider.authorise(request("order-1", 1000));
      if (operation === "refund") await provider.capture(paymentId, "order-1:capture");
      await set(server, { silentPercent: { [operation]: 100 } });
      const asked = {
        authorise: () => provider.authorise(request("order-2", 1000)),
        capture: () => provider.capture(paymentId, "order-2:authorise"),
        void: () => provider.void(paymentId, "order-2:authorise"),
        refund: () => provider.refund({ paymentId, amount: 9, key: "order-2:authorise" }),
      };
      const done = {
        authorise: { status: "authorised" },
        capture: { status: "captured" },
        void: { status: "voided" },
        refund: { status: "captured", refunded: 9 },
      };

      for (let tries = 0; tries < 2; tries += 1) {
        await expect(asked[operation]()).rejects.toMatchObject({ code: "outcome-unknown" });
      }

      expect(await provider.lookup("order-2:authorise")).toMatchObject(done[operation]);
      await set(server, {});
      expect(await asked[operation]()).toMatchObject(done[operation]);
    },
  );

  test("a provider set to be slow answers too late for whoever does not wait", async () => {
    const server = await openProviderServer();
    await set(server, { latencyMs: 1000 });

    await expect(
      clientOf(server, impatient).authorise(request("order-1", 1000)),
    ).rejects.toMatchObject({ code: "outcome-unknown" });
    expect(await clientOf(server).lookup("order-1:authorise")).toMatchObject({ amount: 1000 });
  });

  test("which totals are declined can be set", async () => {
    const server = await openProviderServer();
    const statusOf = async (orderId: string, amount: number) =>
      (await clientOf(server).authorise(request(orderId, amount))).status;

    expect(await statusOf("order-1", 1013)).toBe("declined");
    await set(server, { declinedEnding: 99 });
    expect(await statusOf("order-2", 1099)).toBe("declined");
    expect(await statusOf("order-3", 1013)).toBe("authorised");
    await set(server, { declinedEnding: null });
    expect(await statusOf("order-4", 1013)).toBe("authorised");
  });

  test.for([
    { latencyMs: 2001 },
    { silentPercent: { capture: 101 } },
    { silentPercent: { lookup: 1 } },
    { declinedEnding: 100 },
    { unknown: 1 },
  ])("%j is no way to answer", async (answers) => {
    const server = await openProviderServer();

    await expect(set(server, answers)).rejects.toThrow("400");
  });

  test("a refund that others keep coming before is no refusal: repeated, it is paid", async () => {
    const server = await openProviderServer();
    const provider = clientOf(server);
    const { paymentId } = await provider.authorise(request("order-1", 1000));
    await provider.capture(paymentId, "order-1:capture");
    const refund = () => provider.refund({ paymentId, amount: 100, key: "order-1:refund:a" });
    const right = { ...server.charges };
    server.charges.refund = async () => "conflict";

    await expect(refund()).rejects.toMatchObject({ code: "outcome-unknown", action: "retry" });
    Object.assign(server.charges, right);
    expect(await provider.lookup("order-1:refund:a")).toBeUndefined();
    expect(await refund()).toMatchObject({ refunded: 100 });
  });

  test.for([
    { status: 500, body: "{}", code: "outcome-unknown", action: "retry" },
    { status: 503, body: "", code: "outcome-unknown", action: "retry" },
    { status: 429, body: "{}", code: "provider-unavailable", action: "retry" },
    { status: 401, body: "{}", code: "provider-refused", action: "reject" },
    { status: 307, body: "", location: "/payments", code: "provider-refused", action: "reject" },
    { status: 200, body: "<html>", code: "outcome-unknown", action: "retry" },
    { status: 200, body: '{"paymentId":1}', code: "outcome-unknown", action: "retry" },
    {
      status: 200,
      body: validAnswer + " ".repeat(140_000),
      code: "outcome-unknown",
      action: "retry",
    },
  ])("$status is $code ($action)", async ({ code, action, ...fault }) => {
    const server = await openProviderServer();
    server.faults.push({ ...fault, carriedOut: false });

    const authorising = clientOf(server).authorise(request("order-1", 1000));

    await expect(authorising).rejects.toMatchObject({ code, action });
    expect(server.requests).toHaveLength(1);
  });

  test("a provider that does not listen was certainly not reached", async () => {
    const provider = httpPaymentProvider({
      baseUrl: `http://127.0.0.1:${await closedPort()}`,
      apiKey: async () => "key",
      timeout: patient,
    });

    const authorising = provider.authorise(request("order-1", 1000));

    await expect(authorising).rejects.toMatchObject({
      code: "provider-unavailable",
      action: "retry",
    });
  });

  test("another API key is refused, and nothing is written", async () => {
    const server = await openProviderServer();
    const stranger = clientOf({ ...server, apiKey: "another" });

    await expect(stranger.authorise(request("order-1", 1000))).rejects.toMatchObject({
      code: "provider-refused",
      message: expect.stringContaining("with 401") as unknown,
    });
    await expect(stranger.lookup("order-1:authorise")).rejects.toMatchObject({
      code: "provider-refused",
    });
    expect(amountsAt(server, "order-1")).toEqual([]);
  });

  test("an amount that no provider takes is not sent", async () => {
    const server = await openProviderServer();

    const authorising = clientOf(server).authorise(request("order-1", 0));

    await expect(authorising).rejects.toMatchObject({ code: "provider-refused", action: "reject" });
    expect(server.requests).toEqual([]);
  });

  test.for([
    { method: "POST", path: "/payments", status: 400, type: "idempotency-key-missing" },
    { method: "POST", path: "/payments/p/capture", status: 400, type: "idempotency-key-missing" },
    { method: "POST", path: "/payments/p/refunds", status: 400, type: "invalid-request" },
    { method: "GET", path: "/payments", status: 400, type: "invalid-request" },
    { method: "GET", path: "/charges", status: 404, type: "not-found" },
  ])("$method $path without what it needs is a $type problem", async (wrong) => {
    const server = await openProviderServer();

    const response = await fetch(`${server.baseUrl}${wrong.path}`, {
      method: wrong.method,
      headers: { authorization: `Bearer ${server.apiKey}`, "content-type": "application/json" },
      ...(wrong.method === "POST" && {
        body: JSON.stringify({ amount: 1, currency: "BRL", reference: "order-1" }),
      }),
    });

    expect(response.status).toBe(wrong.status);
    expect(await response.json()).toMatchObject({ type: `urn:inorder:problem:${wrong.type}` });
    expect(amountsAt(server, "order-1")).toEqual([]);
  });
});

const clientOf = ({ baseUrl, apiKey }: ProviderServer, timeout = patient) =>
  httpPaymentProvider({ baseUrl, apiKey: async () => apiKey, timeout });

async function set({ baseUrl, apiKey }: ProviderServer, answers: unknown): Promise<void> {
  const { status } = await fetch(`${baseUrl}/webhook`, {
    method: "PUT",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ answers }),
  });
  if (status !== 200) throw new Error(`It answers ${status}.`);
}

const amountsAt = ({ charges }: ProviderServer, orderId: string): readonly number[] =>
  charges.withReference(orderId).map(({ amount }) => amount);

/** One that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}
