/**
 * What every store of webhooks out does: conditions hold, secrets stand apart, lanes have one
 * order, the log is paged, retries are found.
 */
import { expect, test } from "vitest";
import { ENDPOINTS_MAX } from "#contracts/http/webhook-endpoints";
import { type EpochMs, later, seconds } from "#kernel/units";
import { afterAttempt, replayed } from "#services/webhooks/domain/delivery";
import { changed } from "#services/webhooks/domain/endpoint";
import { dueMessage, longer } from "#services/webhooks/lane-writes";
import type {
  Delivery,
  DeliveryStore,
  EndpointStore,
  LaneStore,
  RetryIndex,
  WebhookEndpoint,
} from "#services/webhooks/ports";
import { noon, sampleDelivery, sampleEndpoint } from "../support/webhook-samples.ts";

export type WebhookStores = {
  readonly endpoints: EndpointStore;
  readonly lanes: LaneStore;
  readonly deliveries: DeliveryStore;
  readonly retries: RetryIndex;
};

const secrets = { secret: "whsec_one", former: [] };
const first = (owner: string) => ({ owner, version: 0, last: {} });

export function webhookStoreContract(open: () => WebhookStores): void {
  endpointsContract(open);
  lanesContract(open);
  deliveriesContract(open);
}

function endpointsContract(open: () => WebhookStores): void {
  test("an endpoint is made once, and found by its owner only", async () => {
    const { endpoints } = open();
    const endpoint = sampleEndpoint({ description: "mine" });
    const { ownerId, endpointId } = endpoint;

    const answers = await Promise.all([1, 2, 3].map(() => endpoints.create(endpoint, secrets)));

    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(["created", "exists", "exists"]);
    expect(answers).toContainEqual({ kind: "exists", endpoint });
    expect(await endpoints.find(ownerId, endpointId)).toEqual(endpoint);
    expect(await endpoints.find("somebody-else", endpointId)).toBeUndefined();
    expect(await endpoints.list(ownerId)).toEqual([endpoint]);
    expect(await endpoints.list("somebody-else")).toEqual([]);
    expect(await endpoints.secrets(endpointId)).toEqual(secrets);
  });

  test("nobody has more than he may, and what is removed makes room", async () => {
    const { endpoints } = open();
    const { ownerId } = sampleEndpoint();
    const wanted = Array.from({ length: ENDPOINTS_MAX + 1 }, () => sampleEndpoint({ ownerId }));
    const [one, ...others] = wanted;
    if (one === undefined) throw new Error("no endpoint");
    for (const each of others) await endpoints.create(each, secrets);

    expect(await endpoints.create(one, secrets)).toEqual({ kind: "full" });
    expect(await endpoints.find(ownerId, one.endpointId)).toBeUndefined();
    expect(await endpoints.remove(others[0] ?? one)).toBe("removed");
    expect(await endpoints.create(one, secrets)).toEqual({ kind: "created" });
    expect(await endpoints.list(ownerId)).toHaveLength(ENDPOINTS_MAX);
  });

  test("of two changes of one version one is saved, its secrets with it", async () => {
    const { endpoints } = open();
    const endpoint = sampleEndpoint();
    await endpoints.create(endpoint, secrets);
    const next = (description: string) => changed(endpoint, { description }, noon);

    const answers = await Promise.all([
      endpoints.save(next("a"), { secrets: { secret: "whsec_a", former: [] } }),
      endpoints.save(next("b"), { secrets: { secret: "whsec_b", former: [] } }),
    ]);

    expect(answers.toSorted()).toEqual(["saved", "stale"]);
    const saved = await endpoints.find(endpoint.ownerId, endpoint.endpointId);
    expect(saved?.version).toBe(2);
    const kept = await endpoints.secrets(endpoint.endpointId);
    expect(kept?.secret).toBe(`whsec_${saved?.description}`);
    expect(await endpoints.save(changed(sampleEndpoint(), {}, noon))).toBe("absent");
  });

  test("a stale version removes nothing; what is removed leaves no secret", async () => {
    const { endpoints } = open();
    const endpoint = sampleEndpoint();
    await endpoints.create(endpoint, secrets);
    const next = changed(endpoint, {}, noon);
    await endpoints.save(next);

    expect(await endpoints.remove(endpoint)).toBe("stale");
    expect(await endpoints.remove(next)).toBe("removed");
    expect(await endpoints.remove(next)).toBe("absent");
    expect(await endpoints.secrets(endpoint.endpointId)).toBeUndefined();
  });
}

function lanesContract(open: () => WebhookStores): void {
  test("a lane grows by one writer at a time, all of a write or nothing", async () => {
    const { lanes, deliveries } = open();
    const endpoint = sampleEndpoint();
    const owner = `order-${endpoint.endpointId}`;
    const write = (id: string) => {
      const delivery = sampleDelivery(endpoint, { deliveryId: id });
      const after = longer(first(owner), [delivery]);
      return lanes.write([
        { kind: "plan", delivery },
        dueMessage(delivery, noon),
        { kind: "lanes", lanes: after },
      ]);
    };

    expect(await lanes.lanes(owner)).toEqual(first(owner));
    const answers = await Promise.all([write("msg_a"), write("msg_b")]);

    expect(new Set(answers)).toEqual(new Set([false, true]));
    const kept = await Promise.all(
      ["msg_a", "msg_b"].map((id) => deliveries.find(endpoint.endpointId, id)),
    );
    expect(kept.filter((delivery) => delivery !== undefined)).toHaveLength(1);
    const last = { [endpoint.endpointId]: 1 };
    expect(await lanes.lanes(owner)).toEqual({ owner, version: 1, last });
  });

  test("a delivery is planned once, and replayed from the round before only", async () => {
    const { lanes, deliveries } = open();
    const delivery = sampleDelivery(sampleEndpoint());
    const plan = () => lanes.write([{ kind: "plan", delivery }]);
    const replay = (again: Delivery) => lanes.write([{ kind: "replay", delivery: again }]);

    expect([await plan(), await plan()]).toEqual([true, false]);
    const again = replayed(delivery, 2);
    expect([await replay(again), await replay(again)]).toEqual([true, false]);
    expect(await deliveries.find(delivery.endpointId, delivery.deliveryId)).toEqual(again);
  });
}

async function planned(
  { lanes, endpoints }: WebhookStores,
  count: number,
): Promise<{ readonly endpoint: WebhookEndpoint; readonly all: readonly Delivery[] }> {
  const endpoint = sampleEndpoint();
  await endpoints.create(endpoint, secrets);
  const all = Array.from({ length: count }, (_, index) =>
    sampleDelivery(endpoint, { sequence: index + 1, lane: `${endpoint.endpointId}#${index}` }),
  );
  for (const delivery of all) await lanes.write([{ kind: "plan", delivery }]);
  return { endpoint, all };
}

const one = <Item>(items: readonly Item[]): Item => {
  const [item] = items;
  if (item === undefined) throw new Error("none");
  return item;
};

function deliveriesContract(open: () => WebhookStores): void {
  test("what an attempt needs comes together; what is not there is undefined", async () => {
    const stores = open();
    const { endpoint, all } = await planned(stores, 1);
    const { ownerId, endpointId } = endpoint;
    const delivery = one(all);
    const named = { ownerId, endpointId, deliveryId: delivery.deliveryId };
    await stores.deliveries.failing(endpointId, noon);
    await stores.deliveries.failing(endpointId, later(noon, seconds(9)));

    const found = await stores.deliveries.due(named);
    await stores.deliveries.failing(endpointId, undefined);
    await stores.endpoints.remove(endpoint);
    const left = await stores.deliveries.due(named);

    expect(found).toEqual({ delivery, endpoint, secrets, failingSince: noon });
    expect(left).toEqual({
      delivery,
      endpoint: undefined,
      secrets: undefined,
      failingSince: undefined,
    });
  });

  test("since when it fails is forgotten by a save that says so and is not stale", async () => {
    const stores = open();
    const { endpoint, all } = await planned(stores, 1);
    const { ownerId, endpointId } = endpoint;
    const named = { ownerId, endpointId, deliveryId: one(all).deliveryId };
    const failingSince = async () => (await stores.deliveries.due(named)).failingSince;
    const next = changed(endpoint, {}, noon);
    await stores.deliveries.failing(endpointId, noon);

    await stores.endpoints.save(next);
    await stores.endpoints.save(next, { isReachedAnew: true });
    const before = await failingSince();
    await stores.endpoints.save(changed(next, {}, noon), { isReachedAnew: true });

    expect([before, await failingSince()]).toEqual([noon, undefined]);
  });

  test("an attempt is recorded over what was read, once", async () => {
    const stores = open();
    const before = one((await planned(stores, 1)).all);
    const after = afterAttempt(before, { at: noon, durationMs: 5, outcome: "refused" }, () => 0.5);

    const answers = [
      await stores.deliveries.record(after, before),
      await stores.deliveries.record(after, before),
    ];

    expect(answers).toEqual([true, false]);
    expect(await stores.deliveries.find(before.endpointId, before.deliveryId)).toEqual(after);
  });

  test("the log is paged, newest first, and begins where it is told to", async () => {
    const { deliveries, ...rest } = open();
    const { endpoint, all } = await planned({ deliveries, ...rest }, 5);
    const { endpointId } = endpoint;
    const ids = all.map(({ deliveryId }) => deliveryId).toReversed();

    const page = await deliveries.page({ endpointId, from: "", limit: 3 });
    const after = page.next ?? "";
    const more = await deliveries.page({ endpointId, from: "", limit: 3, after });
    const recent = await deliveries.page({ endpointId, from: ids[1] ?? "", limit: 10 });

    expect(page.deliveries.map(({ deliveryId }) => deliveryId)).toEqual(ids.slice(0, 3));
    expect(more.deliveries.map(({ deliveryId }) => deliveryId)).toEqual(ids.slice(3));
    expect(more.next).toBeUndefined();
    expect(recent.deliveries.map(({ deliveryId }) => deliveryId)).toEqual(ids.slice(0, 2));
  });

  test("retries are found when they are due, and not any more when they are over", async () => {
    const stores = open();
    const { endpoint, all } = await planned(stores, 3);
    const refused = (before: Delivery, pause: number) =>
      afterAttempt(before, { at: noon, durationMs: 0, outcome: "refused" }, () => pause);
    const mine = async (until: EpochMs) =>
      (await stores.retries.due(until, 1000))
        .filter(({ lane }) => lane.startsWith(endpoint.endpointId))
        .map(({ lane }) => lane);
    const [soon, late, pending] = all;
    if (soon === undefined || late === undefined || pending === undefined) throw new Error();
    const waiting = [refused(soon, 0.2), refused(late, 0.8)];
    for (const [index, after] of waiting.entries()) {
      await stores.deliveries.record(after, all[index] ?? after);
    }

    expect(await mine(later(noon, seconds(2)))).toEqual([soon.lane]);
    expect(await mine(later(noon, seconds(60)))).toEqual([soon.lane, late.lane]);
    await stores.deliveries.hasten(endpoint.endpointId, noon);
    expect((await mine(noon)).toSorted()).toEqual([soon.lane, late.lane].toSorted());
    const now = await stores.deliveries.find(endpoint.endpointId, soon.deliveryId);
    if (now === undefined) throw new Error("no delivery");
    const done = afterAttempt(now, { at: noon, durationMs: 0, outcome: "taken" }, () => 0);
    await stores.deliveries.record(done, now);
    expect(await mine(noon)).toEqual([late.lane]);
  });
}
