/**
 * A consumer of the effects kind with everything around it in memory: each message it applies
 * becomes one commit of its own stream, so that what was applied, how often and in which order can
 * be read back.
 */
import { memoryDeadLetters } from "#adapters/memory/dead-letters";
import { memoryEventStore } from "#adapters/memory/event-store";
import {
  memoryAuditLog,
  memoryHeadStore,
  type MemoryHeadStoreOptions,
} from "#adapters/memory/head-store";
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import {
  type AppendWrite,
  type AuditRecord,
  type ClaimCheckStore,
  type Commit,
  type ConsumerEvent,
  type ConsumerReport,
  type ConsumerSettings,
  type Control,
  controlEnvelope,
  type Deadline,
  type DeadLetters,
  type EffectsHandler,
  type Envelope,
  encode,
  type EventStore,
  type Head,
  type HeadCommit,
  type HeadStore,
  type Message,
  neverWritten,
  nextCommit,
  type Observe,
  orderedConsumer,
  type QueueRecord,
  type RecoveryPolicies,
  type Redelivery,
  type StartAt,
} from "#messaging";

/** 2026-01-01T00:00:00Z */
export const start = 1_767_225_600_000 as EpochMs;

export const unhurried: Deadline = { remainingMs: () => 60_000 };

/** A clock that moves only when a test sets `at`. */
export type StandingClock = Clock & { at: EpochMs };

export function standingClock(at: EpochMs = start): StandingClock {
  return {
    at,
    now() {
      return this.at;
    },
    sleep: () => Promise.resolve(),
  };
}

export const envelope = (
  stream: string,
  sequence: number,
  over: Partial<Envelope> = {},
): Envelope => ({
  specversion: "1.0",
  id: `${stream}#${sequence}`,
  source: "urn:test",
  type: "test.happened",
  partitionkey: stream,
  sequence,
  data: { step: sequence },
  ...over,
});

/** Each call is a delivery of its own, with a receipt of its own. */
export function deliveries(): (sent: Envelope, group?: string) => QueueRecord {
  let count = 0;
  return (sent, group = sent.partitionkey) => {
    count += 1;
    return { receiptId: `receipt-${count}`, group, body: encode(sent) };
  };
}

type WithoutPlace<Some> = Some extends Control ? Omit<Some, "stream" | "author" | "reason"> : never;

/** A control message of an operator; each call is a delivery of its own. */
export function commands(): (
  stream: string,
  about: WithoutPlace<Control>,
  group?: string,
) => QueueRecord {
  let count = 0;
  return (stream, about, group = stream) => {
    count += 1;
    const control = { ...about, stream, author: "ada", reason: "because" } as Control;
    const body = encode(controlEnvelope(control, "urn:test"));
    return { receiptId: `control-${count}`, group, body };
  };
}

/** What makes the head of a stream, and changes nothing else. */
export const firstCommit = (stream: string): HeadCommit<never> => ({
  head: { ...neverWritten(stream), version: 1, attemptId: "1" },
  writes: [],
});

export const receipts = (records: readonly QueueRecord[]): readonly string[] =>
  records.map(({ receiptId }) => receiptId);

/** The report of a batch in which nothing happened. */
export const idle: ConsumerReport = {
  applied: 0,
  duplicates: 0,
  early: 0,
  released: 0,
  parkedBehindHalt: 0,
  halted: 0,
  refused: 0,
  undecodable: 0,
  late: 0,
  decided: 0,
  skipped: 0,
  resumed: 0,
  returned: 0,
  violations: {},
  reads: 0,
  writes: 0,
  commitMsMax: 0,
  lagMax: 0,
  ageMsMax: 0,
};

export const passing = new Failure("provider-unavailable", "retry", "the provider is away");
export const lasting = new Failure("fulfilment-not-expected", "halt", "delivered before sent");

/** Fails the messages with these ids until they are taken out again. */
export function refusals() {
  const failures = new Map<string, Error>();
  const refuse = ({ id }: Message): void => {
    const failure = failures.get(id);
    if (failure !== undefined) throw failure;
  };
  return { failures, refuse };
}

export type Ledger = { readonly commits: readonly Commit[] };

export type WorldOptions = {
  readonly settings?: Partial<ConsumerSettings>;
  readonly bounds?: MemoryHeadStoreOptions["bounds"];
  /** Throws what this message shall fail with. */
  readonly refuse?: (message: Message, ledger: Ledger) => void;
  readonly startedAt?: EpochMs;
  /** The message after which its stream is closed. */
  readonly closesAt?: number;
  readonly recovery?: Partial<RecoveryPolicies>;
  readonly redelivery?: Redelivery;
  readonly claimChecks?: ClaimCheckStore;
  readonly startAt?: StartAt;
};

export function consumerWorld(options: WorldOptions = {}) {
  const { settings, bounds, recovery, redelivery, claimChecks, startAt } = options;
  const store = memoryEventStore();
  const heads = memoryHeadStore(store, bounds === undefined ? {} : { bounds });
  const deadLetters = memoryDeadLetters();
  const clock = standingClock();
  const events: ConsumerEvent[] = [];
  const loads: string[] = [];
  let ids = 0;

  const handler = recording(store, loads, options);

  /** A fresh sandbox: it shares the stores with the others, and remembers nothing. */
  const sandbox = (
    over: {
      readonly heads?: HeadStore<AppendWrite>;
      readonly deadLetters?: DeadLetters;
      readonly handler?: EffectsHandler<Ledger, AppendWrite>;
      readonly observe?: Observe;
      readonly groupOf?: (stream: string) => string;
    } = {},
  ) =>
    orderedConsumer({
      handler,
      heads,
      deadLetters,
      clock,
      newId: () => `id-${(ids += 1)}`,
      ...(settings === undefined ? {} : { settings }),
      ...(recovery === undefined ? {} : { recovery }),
      ...(redelivery === undefined ? {} : { redelivery }),
      ...(claimChecks === undefined ? {} : { claimChecks }),
      ...(startAt === undefined ? {} : { startAt }),
      observe: (event) => events.push(event),
      ...over,
    });

  return {
    store,
    heads,
    deadLetters,
    clock,
    events,
    loads,
    handler,
    sandbox,
    /** The stream's head; it must have one. */
    async head(stream: string): Promise<Head> {
      const head = await heads.read(stream);
      if (head === undefined) throw new Error(`stream ${stream} has no head`);
      return head;
    },
    /** What is written about the stream, the oldest first. */
    async audit(stream: string): Promise<readonly AuditRecord[]> {
      const records = await memoryAuditLog(store).records(stream, 1_000);
      return records.map(({ record }) => record);
    },
    /** Sequences as they were applied. */
    async applied(stream: string): Promise<readonly number[]> {
      const commits = await store.read(stream);
      return commits.flatMap((commit) => commit.events.map(({ data }) => Number(data["sequence"])));
    },
  };
}

/** Appends one commit for each message that it applies. */
const recording = (
  store: Pick<EventStore, "read">,
  loads: string[],
  { refuse, startedAt, closesAt }: WorldOptions,
): EffectsHandler<Ledger, AppendWrite> => ({
  kind: "effects",
  async load(stream) {
    loads.push(stream);
    return { commits: await store.read(stream) };
  },
  handle(ledger, message, { now, held }) {
    refuse?.(message, ledger);
    const { id, sequence, data } = message;
    const applied = { type: "applied", data: { id, sequence, held, ...data } };
    const commit = nextCommit(message.stream, ledger.commits, {
      events: [applied],
      recordedAt: now,
    });
    const writes = [{ kind: "append", commit }] as const;
    return { loaded: { commits: [commit] }, writes, closes: sequence === closesAt };
  },
  startedAt: () => startedAt,
});

export type World = ReturnType<typeof consumerWorld>;
