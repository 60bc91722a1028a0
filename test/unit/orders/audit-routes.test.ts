// The audit of an order over HTTP: decisions with their authors, records of its consumers, page by
// page without a gap or a repetition, and for staff alone.
import { beforeEach, expect, test } from "vitest";
import { signedCursors } from "#adapters/http/signed-cursor";
import { type MemoryEventStore, memoryEventStore } from "#adapters/memory/event-store";
import { auditPage } from "#contracts/http/audit";
import type { AuditLog, AuditRecord, PlacedAuditRecord } from "#messaging";
import { httpFunction } from "#runtime/http-function";
import { auditRoutes } from "../../../functions/orders/audit-routes.ts";
import {
  countedSurroundings,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";
import { now, orderId } from "../../support/order-samples.ts";

const cursors = signedCursors(async () => "a secret that only this test knows");

let store: MemoryEventStore;
let fulfilment: PlacedAuditRecord[];

beforeEach(() => {
  store = memoryEventStore();
  fulfilment = [];
});

const logOf = (records: readonly PlacedAuditRecord[]): AuditLog => ({
  async records(_stream, limit, after) {
    const behind = (one: PlacedAuditRecord) =>
      after === undefined ||
      one.version > after.version ||
      (one.version === after.version && one.index > (after.index ?? Number.POSITIVE_INFINITY));
    return records.filter(behind).slice(0, limit);
  },
});

const record = (version: number, index: number, kept: AuditRecord): PlacedAuditRecord => ({
  version,
  index,
  record: kept,
});

const violation = {
  kind: "gap",
  severity: "critical",
  sequence: 2,
  messageId: "",
  expected: "2",
  actual: "3",
  at: now,
} as const;

const skip = { id: "c-1", stream: orderId, kind: "skip", sequence: 2 } as const;

async function happened(): Promise<void> {
  const decided = (sequence: number, type: string, data: Record<string, string>) => ({
    stream: orderId,
    number: sequence,
    recordedAt: now,
    events: [{ type, sequence, data }],
  });
  await store.append(decided(1, "order.placed", { orderId }));
  await store.append(decided(2, "order.cancel-requested", { author: "ann", reason: "Too late." }));
  await store.append(decided(3, "order.repaired", { author: "bob", reason: "Stuck.", run: "1" }));
  fulfilment = [
    record(4, 0, { kind: "violation", at: now, violation }),
    record(4, 1, { kind: "decision", at: now, decision: { ...skip, author: "ann", reason: "x" } }),
    record(5, 0, { kind: "gap-skipped", at: now, skipped: { from: 2, to: 2 } }),
  ];
}

const call = (query: Readonly<Record<string, string>>, scopes = ["orders:operate"]) =>
  httpFunction(
    {
      service: "orders",
      verifier: { verify: async () => ({ id: "staff", scopes }) },
      routes: auditRoutes({
        records: {
          read: async (id) => ({ commits: await store.read(id), fulfilment: undefined }),
        },
        logs: { fulfilment: logOf(fulfilment), "saga-start": logOf([]) },
        cursors,
      }),
    },
    countedSurroundings(now),
    untraced,
  )(
    gatewayEvent({
      method: "GET",
      resource: "/v1/audit",
      query,
      headers: { authorization: "Bearer token" },
    }),
    lambdaContext(),
  );

async function pages(query: Readonly<Record<string, string>>) {
  const found: (readonly string[])[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 20; page += 1) {
    const { body } = await call(cursor === undefined ? query : { ...query, cursor });
    const { entries, next } = auditPage.parse(JSON.parse(body));
    found.push(entries.map(({ log, kind, actor = "nobody" }) => `${log} ${kind} ${actor}`));
    if (next === undefined) return found;
    cursor = next;
  }
  throw new Error("There are pages without end.");
}

const ALL = [
  "order order.cancel-requested ann",
  "order order.repaired bob",
  "fulfilment violation nobody",
  "fulfilment decision ann",
  "fulfilment gap-skipped nobody",
];

test.each(["1", "2", "3", "100"])(
  "in pages of %s all is told once, in its order",
  async (limit) => {
    await happened();

    const found = await pages({ target: orderId, limit });

    expect(found.flat()).toEqual(ALL);
    for (const page of found) expect(page.length).toBeLessThanOrEqual(Number(limit));
  },
);

test.each(["1", "100"])("one actor's decisions alone, in pages of %s", async (limit) => {
  await happened();

  const found = await pages({ target: orderId, actor: "ann", limit });

  expect(found.flat()).toEqual([ALL[0], ALL[3]]);
});

test("a decision has its reason and what it was about; what was filed has its facts", async () => {
  await happened();

  const { body } = await call({ target: orderId });

  const { entries } = auditPage.parse(JSON.parse(body));
  expect(entries[1]).toMatchObject({ reason: "Stuck.", details: { run: "1" } });
  expect(entries[1]?.details).not.toHaveProperty("author");
  expect(entries[2]).toMatchObject({ details: { kind: "gap", expected: "2", actual: "3" } });
  expect(entries[3]).toMatchObject({ reason: "x", details: { kind: "skip", sequence: 2 } });
});

test("a cursor is of its order and actor, and nobody but staff sees an audit", async () => {
  await happened();
  const first = await call({ target: orderId, limit: "1" });
  const { next: cursor = "" } = auditPage.parse(JSON.parse(first.body));

  const answers = await Promise.all([
    call({ target: orderId, actor: "bob", cursor }),
    call({ target: "0".repeat(26) }),
    call({ actor: "ann" }),
    call({ target: orderId }, ["orders:read"]),
  ]);

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 404, 400, 403]);
});
