// What every claim check store promises.
import { expect, test } from "vitest";
import { sha256Hex } from "#kernel/hash";
import { CLAIMED_BYTES_MAX, checkedIn, type ClaimCheckStore } from "#messaging";
import { redeemed } from "#messaging/envelope/claim-check";
import { envelope } from "../support/consumer-world.ts";

const claimOf = (ref: string, text: string) => ({
  ref,
  sha256: sha256Hex(text),
  bytes: Buffer.byteLength(text),
});

const message = { id: "a#1", source: "urn:test", type: "t", stream: "a", sequence: 1, data: {} };

export function claimCheckStoreContract(
  open: () => ClaimCheckStore | Promise<ClaimCheckStore>,
): void {
  test("what was put is answered, also after it was put again", async () => {
    const store = await open();
    const text = JSON.stringify({ text: "é€\u0000", list: [1, null] });

    const ref = await store.put(text);

    expect(await store.put(text)).toBe(ref);
    expect(await store.get(ref, Buffer.byteLength(text))).toBe(text);
  });

  test("nothing is there where nothing was put", async () => {
    const store = await open();
    const ref = await store.put('{"a":1}');

    expect(await store.get(ref.replace(/[0-9a-f]{8}/, "00000000"), 100)).toBeUndefined();
  });

  test("no more is read than was asked for, and one byte to show it", async () => {
    const store = await open();
    const ref = await store.put("x".repeat(1_000));

    expect(await store.get(ref, 10)).toHaveLength(11);
  });

  test("an envelope that is too large travels as a claim check and is redeemed", async () => {
    const store = await open();
    const data = { large: "x".repeat(2_000) };

    const sent = await checkedIn(envelope("a", 1, { data }), store, 1_000);

    if (!("dataref" in sent)) throw new Error("it was sent whole");
    const claim = { ref: sent.dataref, sha256: sent.datasha256, bytes: sent.datasize };
    const redeem = redeemed({ ...message, claimCheck: claim }, claim, store);
    expect(await redeem).toEqual({ ...message, data });
  });

  test("data of the largest size is redeemed; above it nothing is stored", async () => {
    const store = await open();
    const frame = JSON.stringify({ large: "" }).length;
    const data = { large: "x".repeat(CLAIMED_BYTES_MAX - frame) };

    expect(await checkedIn(envelope("a", 1, { data }), store, 1_000)).toMatchObject({
      datasize: CLAIMED_BYTES_MAX,
    });
    const more = { large: `${data.large}x` };
    await expect(checkedIn(envelope("a", 1, { data: more }), store, 1_000)).rejects.toMatchObject({
      code: "payload-too-large",
    });
  });

  test.for([
    { stands: '{"a":2}', why: "is not what was checked in" },
    { stands: '{"a":1} ', why: "is not what was checked in" },
    { stands: "[1]", expected: "[1]", why: "is no JSON object" },
  ])("$stands in its place is refused", async ({ stands, expected = '{"a":1}', why }) => {
    const store = await open();
    const claim = claimOf(await store.put(stands), expected);

    const redeem = redeemed({ ...message, claimCheck: claim }, claim, store);

    await expect(redeem).rejects.toMatchObject({ action: "halt" });
    await expect(redeem).rejects.toThrow(why);
  });
}
