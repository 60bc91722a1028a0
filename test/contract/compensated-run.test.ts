// A compensated run over a table: what it costs, and that another process goes on with it.
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { dynamoRecordStore } from "#adapters/aws/dynamodb/record-store";
import {
  chargeStep,
  compensationWorld,
  reserveStep,
  transient,
} from "../support/compensation-world.ts";
import { countRequests } from "../support/counted-dynamo.ts";
import { createLocalTable } from "../support/local-table.ts";

test("two steps are three writes; undoing them is a read and three more", async () => {
  const place = await createLocalTable("runs");
  const counts = countRequests(place.client);
  const { money, runs, things } = compensationWorld();
  const store = dynamoRecordStore({ ...place, kind: "run" });
  const made = runs([chargeStep(money), reserveStep(things)], { store, newId: randomUUID });

  const completed = await made.run("r", { sku: "a" });
  const forward = counts.sent();
  counts.reset();
  const undone = await made.undo("r", "sent back");

  expect([completed.kind, undone.kind]).toEqual(["completed", "undone"]);
  expect(forward).toEqual({ UpdateItemCommand: 3 });
  expect(counts.sent()).toEqual({ GetItemCommand: 1, UpdateItemCommand: 3 });
  expect([money.charged(), things.reserved()]).toEqual([0, 0]);
});

test("what one process left another one goes on with", async () => {
  const place = await createLocalTable("runs");
  const { money, runs, things } = compensationWorld();
  const over = () => ({ store: dynamoRecordStore({ ...place, kind: "run" }), newId: randomUUID });
  const ill = { ...reserveStep(things), forward: () => Promise.reject(transient) };
  const first = runs([chargeStep(money), ill], over());
  await expect(first.run("r", { sku: "a" })).rejects.toBe(transient);

  const second = runs([chargeStep(money), reserveStep(things)], over());

  expect((await second.run("r", { sku: "a" })).kind).toBe("completed");
  expect(money.calls).toEqual(["charge"]);
});
