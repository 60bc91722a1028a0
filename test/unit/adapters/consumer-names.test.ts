// A consumer whose name holds the separator of its keys would read another's records as its own.
import { expect, test } from "vitest";
import { dynamoAuditLog } from "#adapters/aws/dynamodb/audit-log";
import { dynamoHeadIndex } from "#adapters/aws/dynamodb/head-index";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { memoryAuditLog, memoryHeadIndex, memoryHeadStore } from "#adapters/memory/head-store";
import { memoryTable } from "#adapters/memory/table";
import { SERVICES } from "#contracts/metrics";
import { scriptedDynamo } from "../../support/scripted-dynamo.ts";

const { client, requests } = scriptedDynamo([]);
const place = { client, table: "t" };
const memory = { table: memoryTable() };

const MADE = {
  dynamoHeadStore: (consumer: string) => dynamoHeadStore({ ...place, consumer, writes: noWrites }),
  dynamoHeadIndex: (consumer: string) => dynamoHeadIndex({ ...place, consumer }),
  dynamoAuditLog: (consumer: string) => dynamoAuditLog({ ...place, consumer }),
  memoryHeadStore: (consumer: string) => memoryHeadStore(memory, { consumer }),
  memoryHeadIndex: (consumer: string) => memoryHeadIndex(memory, consumer),
  memoryAuditLog: (consumer: string) => memoryAuditLog(memory, consumer),
};

test.for(Object.entries(MADE))("%s refuses a name that its keys cannot hold", ([, make]) => {
  for (const name of ["", "a#b", "#"]) {
    expect(() => make(name)).toThrow(
      expect.objectContaining({
        code: "misconfigured",
        action: "reject",
        message:
          'A consumer\'s name has 1 to 256 characters and no "#", which separates the parts of ' +
          `its keys; received ${JSON.stringify(name)}.`,
      }),
    );
  }
  for (const name of ["a", "order list/2 é", ...Object.values(SERVICES)]) {
    expect(() => make(name)).not.toThrow();
  }
  expect(requests).toEqual([]);
});
