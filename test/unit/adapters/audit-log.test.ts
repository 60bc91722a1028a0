// DynamoDB ends a page at 1 MB, whatever number of records was asked for: the log reads on.
import { expect, test } from "vitest";
import { dynamoAuditLog } from "#adapters/aws/dynamodb/audit-log";
import { besideAction } from "#adapters/aws/dynamodb/head-keys";
import type { AuditRecord } from "#messaging";
import { start } from "../../support/consumer-world.ts";
import { type Answer, scriptedDynamo } from "../../support/scripted-dynamo.ts";

const place = { table: "t", consumer: "c" };

const skipped = (from: number): AuditRecord => ({
  kind: "gap-skipped",
  at: start,
  skipped: { from, to: from },
});

const item = (version: number) =>
  besideAction(place, { stream: "a", version }, { kind: "record", record: skipped(version) }, 0).Put
    ?.Item;

const page = (versions: readonly number[], more: boolean): Answer => ({
  status: 200,
  body: {
    Items: versions.map(item),
    ...(more ? { LastEvaluatedKey: { pk: { S: "a" }, sk: { S: `at ${versions.at(-1)}` } } } : {}),
  },
});

const log = (...pages: readonly Answer[]) => {
  const { client, requests } = scriptedDynamo(pages);
  return { audit: dynamoAuditLog({ client, ...place }), requests };
};

test("pages that end early are read on from, to the end", async () => {
  const { audit, requests } = log(page([2, 3], true), page([], true), page([4], false));

  const records = await audit.records("a", 100, { version: 1 });

  expect(records.map(({ version }) => version)).toEqual([2, 3, 4]);
  expect(requests.map(({ Limit }) => Limit)).toEqual([100, 98, 98]);
  expect(requests.map(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([
    undefined,
    { pk: { S: "a" }, sk: { S: "at 3" } },
    { pk: { S: "a" }, sk: { S: "at undefined" } },
  ]);
});

test("no further than was asked for", async () => {
  const { audit, requests } = log(page([2, 3], true), page([4], true));

  const records = await audit.records("a", 3, { version: 1 });

  expect(records.map(({ version }) => version)).toEqual([2, 3, 4]);
  expect(requests).toHaveLength(2);
});

test("a log whose pages never end is an error that may pass", async () => {
  const { audit } = log(page([], true));

  await expect(audit.records("a", 3)).rejects.toMatchObject({
    code: "store-unavailable",
    action: "retry",
  });
});

test("of the records of one version the position says which are behind it", async () => {
  const { audit, requests } = log(page([], false));

  await audit.records("a", 3, { version: 7, index: 9 });
  await audit.records("a", 3, { version: 7 });
  await audit.records("a", 3);

  const from = requests.map(
    ({ ExpressionAttributeValues: values }) => (values as { ":from": { S: string } })[":from"].S,
  );
  expect(from).toEqual([
    "audit#c#0000000000000007#10",
    "audit#c#0000000000000008",
    "audit#c#0000000000000001",
  ]);
});
