/**
 * The memory adapters that the simulator runs on beside the DynamoDB ones: heads with what lies
 * beside them, their index, the audit log, and the event store that their effects go to.
 */
import { dynamoAuditLog } from "#adapters/aws/dynamodb/audit-log";
import { appendWrites, dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadIndex } from "#adapters/aws/dynamodb/head-index";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryAuditLog, memoryHeadIndex, memoryHeadStore } from "#adapters/memory/head-store";
import { isFailure } from "#kernel/failure";
import type { Rng } from "#kernel/rng";
import type { EpochMs } from "#kernel/units";
import {
  type AppendWrite,
  type AuditLog,
  type BesideWrite,
  type Commit,
  type EventStore,
  type Head,
  type HeadCommit,
  type HeadIndex,
  type HeadStore,
  neverWritten,
} from "#messaging";
import { simulatedTable } from "#simulation/table";
import { start } from "../../support/consumer-world.ts";
import { createLocalTable } from "../../support/local-table.ts";
import { drawn, oneOf, type Pair, type Step } from "./side-by-side.ts";

const STREAMS = ["a", "ab", "ü#1"];

export const STORE_STEPS = {
  commit: 8,
  repeat: 2,
  append: 3,
  read: 2,
  events: 2,
  parked: 2,
  audit: 2,
  index: 2,
};

type Side = {
  readonly heads: HeadStore<AppendWrite>;
  readonly events: EventStore;
  readonly index: HeadIndex;
  readonly audit: AuditLog;
};

export async function storePair(): Promise<Pair> {
  const place = { ...(await createLocalTable("differential")), consumer: "tested" };
  const cloud = {
    heads: dynamoHeadStore({ ...place, writes: appendWrites(place.table) }),
    events: dynamoEventStore(place),
    index: dynamoHeadIndex(place),
    audit: dynamoAuditLog(place),
  };
  const table = simulatedTable({ now: () => 0 });
  const model = {
    heads: memoryHeadStore({ table }),
    events: memoryEventStore(table),
    index: memoryHeadIndex({ table }),
    audit: memoryAuditLog({ table }),
  };
  return new Stores(model, cloud);
}

class Stores implements Pair {
  readonly #model: Side;
  readonly #cloud: Side;
  readonly #commits: HeadCommit<AppendWrite>[] = [];
  /** No two instants are the same: which of two equal ones comes first is nobody's promise. */
  #serial = 0;

  constructor(model: Side, cloud: Side) {
    this.#model = model;
    this.#cloud = cloud;
  }

  async step(rng: Rng): Promise<Step> {
    this.#serial += 1;
    const kind = drawn(STORE_STEPS, rng);
    const stream = oneOf(STREAMS, rng) ?? "a";
    switch (kind) {
      case "commit": {
        const commit = await this.#drawnCommit(stream, rng);
        this.#commits.push(commit);
        return this.#both(`commit ${told(commit)}`, ({ heads }) => heads.commit(commit));
      }
      case "repeat": {
        const commit = oneOf(this.#commits.slice(-4), rng);
        if (commit === undefined) return this.#both("repeat", async () => "nothing");
        return this.#both(`repeat ${told(commit)}`, ({ heads }) => heads.commit(commit));
      }
      case "append": {
        const commit = this.#drawnEvents(stream, rng);
        return this.#both(`append ${stream} ${commit.number}`, ({ events }) =>
          events.append(commit),
        );
      }
      case "read":
        return this.#both(`read ${stream}`, ({ heads }) => heads.read(stream));
      case "events":
        return this.#both(`events ${stream}`, ({ events }) => events.read(stream));
      case "parked":
        return this.#both(`parked ${stream}`, async ({ heads }) =>
          (await heads.readParked(stream, [1, 2, 3, 4, 11])).toSorted(
            (a, b) => a.sequence - b.sequence,
          ),
        );
      case "audit": {
        const [limit, version, index] = [1 + rng.int(6), rng.int(4), rng.int(3) - 1];
        const after = index < 0 ? { version } : { version, index };
        return this.#both(`audit ${stream} ${limit} ${JSON.stringify(after)}`, ({ audit }) =>
          audit.records(stream, limit, after),
        );
      }
      case "index": {
        const [limit, now] = [1 + rng.int(3), (start + rng.int(60)) as EpochMs];
        return this.#both(`index ${now} ${limit}`, async ({ index }) => [
          await index.due(now, limit),
          await index.halted(limit),
        ]);
      }
      default:
        return kind satisfies never;
    }
  }

  async #both(what: string, ask: (side: Side) => Promise<unknown>): Promise<Step> {
    const [model, cloud] = [await answerOf(ask(this.#model)), await answerOf(ask(this.#cloud))];
    return { what, answers: { model, cloud } };
  }

  /** Mostly from the newest head, sometimes from an older one or from one that nobody wrote. */
  async #drawnCommit(stream: string, rng: Rng): Promise<HeadCommit<AppendWrite>> {
    const current = await this.#model.heads.read(stream);
    const distance = drawn({ "1": 8, "0": 2, "2": 1, "-1": 1 }, rng);
    const version = Math.max(1, (current?.version ?? 0) + Number(distance));
    const at = (start + this.#serial) as EpochMs;
    const head: Head & { readonly attemptId: string } = {
      ...neverWritten(stream),
      version,
      last: rng.int(9),
      attemptId: `attempt-${this.#serial}`,
      state: { text: 'é\u0000"', list: [null, 1.5, true, {}], step: this.#serial },
      ...(rng.int(3) === 0 ? { dueAt: at } : {}),
      ...(rng.int(4) === 0
        ? {
            status: "halted",
            halt: { sequence: 1, messageId: "m", code: "conflict", message: "é", at },
          }
        : {}),
    };
    const numbers = [...new Set(Array.from({ length: rng.int(3) }, () => 1 + rng.int(6)))];
    const writes = numbers.map((number): AppendWrite => {
      return { kind: "append", commit: { ...this.#drawnEvents(stream, rng), number } };
    });
    const sequences = [...new Set(Array.from({ length: rng.int(3) }, () => 1 + rng.int(4)))];
    const beside = sequences.flatMap((sequence) => this.#drawnBeside(stream, sequence, rng));
    return { head, writes, beside };
  }

  #drawnBeside(stream: string, sequence: number, rng: Rng): readonly BesideWrite[] {
    const at = (start + this.#serial) as EpochMs;
    const skipped = { from: sequence, to: sequence + 1 };
    const record: BesideWrite = { kind: "record", record: { kind: "gap-skipped", at, skipped } };
    if (rng.int(3) === 0) return [record];
    if (rng.int(3) === 0) return [{ kind: "unpark", sequence }, record];
    const message = {
      id: `${stream}#${sequence}`,
      source: "urn:test",
      type: "test.happened",
      stream,
      sequence,
      data: { step: this.#serial, text: "\uD83D\uDE00" },
    };
    return [{ kind: "park", message }];
  }

  #drawnEvents(stream: string, rng: Rng): Commit {
    const number = 1 + rng.int(6);
    return {
      stream,
      number,
      events: [{ type: "test.happened", sequence: number, data: { step: this.#serial } }],
      recordedAt: (start + this.#serial) as EpochMs,
      ...(rng.int(2) === 0 ? { fingerprint: `f-${this.#serial}` } : {}),
    };
  }
}

/** With its keys in one order, so that equal answers are equal texts. */
async function answerOf(asked: Promise<unknown>): Promise<unknown> {
  try {
    return sorted((await asked) ?? null);
  } catch (error) {
    if (isFailure(error)) return `failure ${error.code} ${error.action}`;
    throw error;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}

const told = ({ head, writes, beside = [] }: HeadCommit<AppendWrite>): string =>
  `${head.stream} version ${head.version} ${head.attemptId}, appends ` +
  `${writes.map(({ commit }) => commit.number).join("+") || "none"}, beside ` +
  `${beside.map(({ kind }) => kind).join("+") || "none"}`;
