// The order list over memory and over the index of the order list's table.
import { randomUUID } from "node:crypto";
import { describe } from "vitest";
import { dynamoOrderList } from "#adapters/aws/dynamodb/order-list";
import { memoryOrderList } from "#adapters/memory/order-list";
import type { Head } from "#messaging";
import type { ListedOrder } from "#services/orders/usecases/project-order-list";
import { localOrderList } from "../support/order-list-table.ts";
import { orderListContract } from "./order-list-contract.ts";
import { fulfilmentHead } from "./order-records-contract.ts";

const headOf = (stream: string, version: number, state: ListedOrder) => ({
  ...fulfilmentHead,
  stream,
  version,
  attemptId: randomUUID(),
  state,
});

describe("in memory", () => {
  orderListContract(() => {
    const heads = new Map<string, Head>();
    return {
      list: memoryOrderList(() => heads.values()),
      fold: async (orderId, state) => {
        heads.set(orderId, headOf(orderId, 1, state));
      },
    };
  });
});

describe("in DynamoDB", () => {
  orderListContract(async () => {
    const { client, table, heads } = await localOrderList();
    return {
      list: dynamoOrderList({ client, table }),
      fold: async (orderId, state) => {
        const version = ((await heads.read(orderId))?.version ?? 0) + 1;
        await heads.commit({ head: headOf(orderId, version, state), writes: [] });
      },
    };
  });
});
