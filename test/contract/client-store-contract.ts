/**
 * What every store of registered clients must do. An adapter's own test file calls this with its
 * constructor.
 */
import { expect, test } from "vitest";
import type { ClientStore } from "#services/users/ports";

export function clientStoreContract(open: () => ClientStore | Promise<ClientStore>): void {
  const client = { clientId: "shop-1", secretHash: "a".repeat(64), scopes: ["orders:read"] };

  test("a client is read as it was put", async () => {
    const store = await open();

    await store.put(client);

    expect(await store.get("shop-1")).toEqual(client);
  });

  test("an unknown client is none", async () => {
    const store = await open();

    expect(await store.get("nobody")).toBeUndefined();
  });

  test("a new registration replaces secret and scopes", async () => {
    const store = await open();
    const rotated = {
      ...client,
      secretHash: "b".repeat(64),
      scopes: ["orders:write", "orders:read"],
    };
    await store.put(client);

    await store.put(rotated);

    expect(await store.get("shop-1")).toEqual(rotated);
  });

  test("a client without scopes has none", async () => {
    const store = await open();

    await store.put({ ...client, scopes: [] });

    expect(await store.get("shop-1")).toEqual({ ...client, scopes: [] });
  });
}
