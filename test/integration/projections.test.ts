// Projections of orders' events made anew while orders are placed: what was damaged is right again,
// what was right stays what it was, and no order is lost or counted twice.
import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, expect, inject, test } from "vitest";
import { dynamoGenerations } from "#adapters/aws/dynamodb/generation-store";
import { dynamoRecommendations } from "#adapters/aws/dynamodb/recommendations";
import { consumerIn, keyIn } from "#contracts/projection";
import { eventually } from "../support/eventually.ts";
import { openShop } from "../support/shop.ts";

const shop = openShop(inject("shop"));
const client = new DynamoDBClient(shop.connection);
const { OrderListTable, RecommendationsTable } = shop.outputs;

afterAll(() => client.destroy());

const PATIENCE = { withinMs: 60_000 };

const liveOf = async (table: string) => (await dynamoGenerations({ client, table }).read()).live;

const listOf = async (token: string) =>
  (await shop.call("GET", "/v1/orders?limit=100", { token })).body;

const boughtWith = async (sku: string) => {
  const generation = await liveOf(RecommendationsTable);
  const place = { client, table: RecommendationsTable, generation };
  return Object.fromEntries(
    (await dynamoRecommendations(place).boughtWith(sku, 10)).map(({ sku: other, orders }) => [
      other,
      orders,
    ]),
  );
};

/** One order is gone from the list, another is shown as what it is not; pairs are miscounted. */
async function damage([gone, wrong]: readonly [string, string], [lamp, bulb]: [string, string]) {
  const [list, counts] = await Promise.all([liveOf(OrderListTable), liveOf(RecommendationsTable)]);
  const sk = consumerIn("head#order-list", list);
  const { head } = (await shop.items(OrderListTable)).find(
    (item) => item["pk"] === wrong && item["sk"] === sk,
  ) ?? { head: "" };
  await Promise.all([
    client.send(
      new DeleteItemCommand({ TableName: OrderListTable, Key: marshall({ pk: gone, sk }) }),
    ),
    client.send(
      new UpdateItemCommand({
        TableName: OrderListTable,
        Key: marshall({ pk: wrong, sk }),
        UpdateExpression: "SET head = :head",
        ExpressionAttributeValues: marshall({
          ":head": String(head).replace('"status":"confirmed"', '"status":"rejected"'),
        }),
      }),
    ),
    client.send(
      new PutItemCommand({
        TableName: RecommendationsTable,
        Item: marshall({
          pk: keyIn(`sku#${lamp}`, counts),
          sk: `with#${bulb}`,
          boughtSku: keyIn(lamp, counts),
          other: bulb,
          orders: 99,
        }),
      }),
    ),
  ]);
}

/** Two rebuilds and all that is bought meanwhile, on a machine that has other work. */
const TIMEOUT_MS = 240_000;

test(
  "projections made anew while orders are placed are what the orders say",
  async () => {
    const [hers, his, lamp, bulb] = await Promise.all([
      shop.token("orders:write", "orders:read"),
      shop.token("orders:write", "orders:read"),
      shop.product(1000, 50),
      shop.product(1100, 50),
    ]);
    const before = await Promise.all([shop.buy(hers, lamp, bulb), shop.buy(hers, lamp, bulb)]);
    const unharmed = [await shop.buy(his, lamp)];
    await Promise.all([
      shop.listed(hers, before, "confirmed"),
      shop.listed(his, unharmed, "confirmed"),
      eventually(async () => expect(await boughtWith(bulb)).toEqual({ [lamp]: 2 }), PATIENCE),
    ]);
    const shown = await listOf(his);
    await damage([before[0], before[1]], [lamp, bulb]);
    expect(JSON.stringify(await listOf(hers))).not.toContain(before[0]);
    expect(await boughtWith(lamp)).toEqual({ [bulb]: 99 });

    const rebuilding = Promise.all([shop.rebuilt("order-list"), shop.rebuilt("recommendations")]);
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    const [during, pages]: [string[], unknown[]] = [[], []];
    const shopping = eventually(
      async () => {
        pages.push(await listOf(his));
        if (during.length < 6) during.push(await shop.buy(hers, lamp, bulb));
        return isOver;
      },
      { withinMs: 130_000, everyMs: 100 },
    );
    const [[list, counts]] = await Promise.all([rebuilding.finally(over), shopping]);

    expect(list).toMatch(
      /^The order list was made anew from \d+ orders: generation \d+ is read now/,
    );
    expect(counts).toMatch(/^The index of recommendations was made anew from \d+ orders/);
    const all = [...before, ...during];
    await shop.listed(hers, all, "confirmed");
    // Readers see one generation whole, or the other.
    for (const page of [...pages, await listOf(his)]) expect(page).toEqual(shown);
    await eventually(async () => {
      expect(await boughtWith(lamp)).toEqual({ [bulb]: all.length });
      expect(await boughtWith(bulb)).toEqual({ [lamp]: all.length });
      return true;
    }, PATIENCE);
    const generation = await liveOf(OrderListTable);
    const heads = (await shop.items(OrderListTable)).filter(({ sk }) =>
      String(sk).startsWith("head#"),
    );
    expect([...new Set(heads.map(({ sk }) => sk))]).toEqual([
      consumerIn("head#order-list", generation),
    ]);
  },
  TIMEOUT_MS,
);
