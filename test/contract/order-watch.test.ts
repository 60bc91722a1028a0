// Orders to look after, over memory and by the index of the order list's table.
import { randomUUID } from "node:crypto";
import { describe } from "vitest";
import { dynamoOrderWatch } from "#adapters/aws/dynamodb/order-watch";
import { memoryEventStore } from "#adapters/memory/event-store";
import { ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import type { JsonObject } from "#kernel/json";
import { commitOf, loadOrder } from "#services/orders/usecases/order-stream";
import {
  type ListedOrder,
  orderListProjection,
} from "#services/orders/usecases/project-order-list";
import { localOrderList } from "../support/order-list-table.ts";
import { watchIndex } from "../simulation/saga/watch-index.ts";
import { fulfilmentHead } from "./order-records-contract.ts";
import { orderWatchContract } from "./order-watch-contract.ts";

describe("in memory", () => {
  orderWatchContract(async () => {
    const [store, watch] = [memoryEventStore(), watchIndex()];
    return {
      watch,
      async happens(orderId, event, now) {
        const order = loadOrder(orderId, await store.read(orderId));
        const commit = commitOf(order, [event], { now });
        await store.append(commit);
        watch.committed(commit, now);
      },
    };
  });
});

describe("in DynamoDB", () => {
  orderWatchContract(async () => {
    const { client, table, heads } = await localOrderList();
    return {
      watch: dynamoOrderWatch({ client, table }),
      async happens(orderId, event, now) {
        const before = await heads.read(orderId);
        const listed = (before?.state ?? null) as ListedOrder;
        const version = (before?.version ?? 0) + 1;
        const message = {
          id: `${orderId}#${version}`,
          source: ORDER_EVENT_SOURCE,
          stream: orderId,
          sequence: version,
          type: event.type,
          data: event.data as JsonObject,
        };
        const state = orderListProjection.evolve(listed, message, { now, held: false });
        const head = {
          ...fulfilmentHead,
          stream: orderId,
          version,
          attemptId: randomUUID(),
          state,
        };
        await heads.commit({ head, writes: [] });
      },
    };
  });
});
