// What a message says stays out of the log, whatever becomes of it.
import { expect, test } from "vitest";
import { logConsumer } from "#lambda/consumer-log";
import type { Log, LogFields } from "#runtime/log";
import {
  commands,
  consumerWorld,
  deliveries,
  envelope,
  lasting,
  refusals,
  unhurried,
} from "../../support/consumer-world.ts";

const SECRET = "4111111111111111";

function logged() {
  const lines: { readonly message: string; readonly fields: LogFields | undefined }[] = [];
  const line = (message: string, fields?: LogFields): void => void lines.push({ message, fields });
  const log: Log = { debug: line, info: line, warn: line, error: line };
  return { lines, log };
}

test("a replaced message's data is not in the log; who replaced it, and why, is", async () => {
  const { lines, log } = logged();
  const { failures, refuse } = refusals();
  failures.set("a#1", lasting);
  const consumer = consumerWorld({ refuse }).sandbox({ observe: logConsumer(log) });
  const replace = { kind: "replace", id: "d", sequence: 1, data: { card: SECRET } } as const;

  await consumer.consume([deliveries()(envelope("a", 1))], unhurried);
  await consumer.consume([commands()("a", replace)], unhurried);

  const decided = lines.find(({ fields }) => fields?.["decision"] !== undefined);
  expect(decided?.fields?.["decision"]).toEqual({
    kind: "replace",
    id: "d",
    stream: "a",
    sequence: 1,
    author: "ada",
    reason: "because",
  });
  expect(JSON.stringify(lines)).not.toContain(SECRET);
});

test("of a message that is applied, parked, refused or tried again there is no data", async () => {
  const { lines, log } = logged();
  const { failures, refuse } = refusals();
  const deliver = deliveries();
  const consumer = consumerWorld({ refuse, settings: { attemptsMax: 1 } }).sandbox({
    observe: logConsumer(log),
  });
  const secret = (sequence: number, over: { readonly id?: string } = {}) =>
    deliver(envelope("a", sequence, { data: { card: SECRET }, ...over }));

  await consumer.consume([secret(1), secret(1, { id: "rival" }), secret(3)], unhurried);
  failures.set("a#2", lasting);
  await consumer.consume([secret(2)], unhurried);
  await consumer.consume([secret(4)], unhurried);

  expect(lines.length).toBeGreaterThan(2);
  expect(JSON.stringify(lines)).not.toContain(SECRET);
});
