// A head at any sequence, out of the producer's log and the audit records.
import { expect, test } from "vitest";
import { memoryDeadLetters } from "#adapters/memory/dead-letters";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryAuditLog, memoryHeadStore } from "#adapters/memory/head-store";
import {
  decode,
  encode,
  type Envelope,
  type FoldHandler,
  type Head,
  type HeadStore,
  type Message,
  orderedConsumer,
  type PlacedAuditRecord,
  rebuildHead,
  verifyAudit,
} from "#messaging";
import {
  commands,
  deliveries,
  envelope,
  lasting,
  standingClock,
  start,
  unhurried,
} from "../../support/consumer-world.ts";

const messageOf = (sent: Envelope): Message => {
  const decoded = decode(encode(sent));
  if (decoded.kind !== "message") throw new Error("no message");
  return decoded.message;
};

const log = [1, 2, 3, 4, 5, 6, 7].map((sequence) => messageOf(envelope("a", sequence)));

/** Its state is what it has applied; 2 and 4 can never be, as they are sent. */
function adding() {
  const seen: number[] = [];
  const handler: FoldHandler<readonly (number | string)[]> = {
    kind: "fold",
    initial: [],
    evolve(state, { sequence, data }) {
      seen.push(sequence);
      const other = data["other"];
      if ((sequence === 2 || sequence === 4) && other === undefined) throw lasting;
      return [...state, typeof other === "string" ? other : sequence];
    },
    closes: (state) => state.includes(7),
  };
  return { handler, seen };
}

/** 2 is replaced, 4 left out; `last` is the last that comes. */
async function consumed(last: number) {
  const store = memoryEventStore();
  const heads = memoryHeadStore(store) as unknown as HeadStore;
  const deliver = deliveries();
  const command = commands();
  let ids = 0;
  const consumer = orderedConsumer({
    handler: adding().handler,
    heads,
    deadLetters: memoryDeadLetters(),
    clock: standingClock(),
    newId: () => `id-${(ids += 1)}`,
  });
  const all = Array.from({ length: last }, (_, index) => deliver(envelope("a", index + 1)));
  await consumer.consume(all, unhurried);
  const replace = { kind: "replace", id: "d1", sequence: 2, data: { other: "two" } } as const;
  const skip = { kind: "skip", id: "d2", sequence: 4 } as const;
  await consumer.consume([command("a", replace), command("a", skip)], unhurried);
  const head = async (): Promise<Head> => {
    const found = await heads.read("a");
    if (found === undefined) throw new Error("no head");
    return found;
  };
  const records = () => memoryAuditLog(store).records("a", 100);
  return { store, consumer, command, head, records, heads };
}

/** Of the write that made it, and nothing else. */
function unwritten(head: Head): Partial<Head> {
  const { attemptId: _, version: _version, ...rest } = head;
  return rest;
}

const fold = () => ({ handler: adding().handler, now: start });

test.each([6, 7])(
  "what stands there at %i is what is rebuilt, decisions included",
  async (last) => {
    const { head, records } = await consumed(last);
    const stands = await head();

    const made = rebuildHead({
      stream: "a",
      log,
      records: await records(),
      upTo: last,
      fold: fold(),
    });

    expect(stands.last).toBe(last);
    expect(unwritten(made)).toEqual(unwritten(stands));
  },
);

test("from a head that is known to be right it costs only what is new", async () => {
  const { head, records } = await consumed(6);
  const evidence = { stream: "a", records: await records() };
  const earlier = rebuildHead({ ...evidence, log, upTo: 5, fold: fold() });
  const { handler, seen } = adding();

  const made = rebuildHead({
    ...evidence,
    from: earlier,
    log: log.slice(5),
    upTo: 6,
    fold: { handler, now: start },
  });

  expect(seen).toEqual([6]);
  expect(unwritten(made)).toEqual(unwritten(await head()));
});

test("stored in the place of the damaged one, the stream goes on from it", async () => {
  const { consumer, head, records, heads } = await consumed(5);
  const { version } = await head();
  const made = rebuildHead({ stream: "a", log, records: await records(), upTo: 6, fold: fold() });

  await heads.commit({ head: { ...made, version: version + 1, attemptId: "repair" }, writes: [] });
  const deliver = deliveries();
  const again = [5, 6, 7].map((sequence) => deliver(envelope("a", sequence)));
  const { report } = await consumer.consume(again, unhurried);

  expect(report).toMatchObject({ duplicates: 2, applied: 1 });
  expect((await head()).state).toEqual([1, "two", 3, 5, 6, 7]);
});

test("stored where none is any more, it leaves the audit records as they are", async () => {
  const { store, consumer, command, head, records, heads } = await consumed(6);
  const before = await records();
  const made = rebuildHead({ stream: "a", log, records: before, upTo: 6, fold: fold() });
  const gone = { partition: "a", sort: "head#consumer", text: undefined, condition: () => true };
  store.table.write([gone]);

  const repaired = { ...made, version: made.version + 1, attemptId: "repair" };
  await heads.commit({ head: repaired, over: 0, writes: [] });
  await consumer.consume([command("a", { kind: "retry", id: "d3", sequence: 7 })], unhurried);

  expect((await records()).slice(0, -1)).toEqual(before);
  expect(verifyAudit({ head: await head(), log, records: await records() }).kind).toBe("verified");
});

test("a stream that was begun in the middle is rebuilt from there", () => {
  const made = rebuildHead({ stream: "a", log, records: [], upTo: 6, startedAfter: 4 });

  expect(made).toMatchObject({ startedAfter: 4, last: 6 });
  expect(made.recent.map(({ sequence }) => sequence)).toEqual([5, 6]);
});

test("what was decided of what lies behind it is not in it, and stays decided", async () => {
  const { records } = await consumed(6);

  const made = rebuildHead({ stream: "a", log, records: await records(), upTo: 3, fold: fold() });

  expect(made).toMatchObject({ last: 3, skipped: [], controls: ["d1", "d2"] });
});

const rewound = (version: number): PlacedAuditRecord => ({
  version,
  index: 0,
  record: {
    kind: "decision",
    at: start,
    decision: { kind: "rewind", id: "r", stream: "a", author: "ada", reason: "why" },
    rewoundFrom: 3,
  },
});

test("what cannot be rebuilt says why", async () => {
  const { records } = await consumed(6);
  const evidence = { stream: "a", log, records: await records() };
  const from = rebuildHead({ ...evidence, upTo: 6, fold: fold() });
  const asking = (over: Partial<Parameters<typeof rebuildHead>[0]>) => () =>
    rebuildHead({ ...evidence, upTo: 6, ...over });

  expect(asking({ log: log.slice(0, 4) })).toThrow("at sequence 6: the log lacks sequence 5");
  expect(asking({ log: [...log.slice(0, 2), ...log.slice(4)] })).toThrow("lacks sequence 3");
  expect(asking({ upTo: 4, records: [leftOut(4, 5)] })).toThrow(
    "at sequence 4: a decision left out what leads up to 5",
  );
  expect(asking({ from, upTo: 5 })).toThrow("the head to begin with is at 6");
  expect(asking({ upTo: Number.NaN })).toThrow("cannot be rebuilt at sequence NaN");
  expect(asking({ stream: "b", from })).toThrow("`from` is of a");
  const behindItsEnd = [...log, messageOf(envelope("a", 8))];
  expect(asking({ log: behindItsEnd, upTo: 8, fold: fold() })).toThrow(
    "at sequence 8: the stream was closed before sequence 8",
  );
  expect(asking({ from, records: [rewound(from.version + 1)] })).toThrow(
    `was rewound after version ${from.version}; begin with a later head, or with none`,
  );
});

const leftOut = (first: number, last: number): PlacedAuditRecord => ({
  version: 1,
  index: 0,
  record: { kind: "gap-skipped", at: start, skipped: { from: first, to: last } },
});
