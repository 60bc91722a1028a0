/**
 * The system under test: production consumers in their sandboxes, and between them and their stores
 * a network that may do anything.
 */
import { Failure } from "#kernel/failure";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryHeadStore } from "#adapters/memory/head-store";
import type { MemoryTable } from "#adapters/memory/table";
import {
  type AppendWrite,
  type BatchAnswer,
  type ClaimCheckStore,
  type ConsumerEvent,
  type ConsumerSettings,
  type DeadLetters,
  type EffectsHandler,
  type ExternalHandler,
  type FoldHandler,
  type HeadStore,
  type OrderedConsumer,
  orderedConsumer,
  type QueueRecord,
  type RecoveryPolicies,
  type Redelivery,
  type StartAt,
} from "#messaging";
import { farHeads } from "#simulation/far-heads";
import type { Invocation } from "#simulation/lambda-host";
import type { SimulatedProcess } from "#simulation/process";
import type { Remote } from "#simulation/remote";
import type { CallWatch } from "./call-watch.ts";
import type { Invariant, RestoreTools } from "./invariants/invariant.ts";
import type { GroupOf } from "./publication.ts";
import {
  effectsSubject,
  externalSubject,
  foldSubject,
  type LedgerMemory,
  type Log,
  type Outside,
  type SubjectKind,
  type SubjectPlace,
} from "./subjects.ts";

/** What of a consumer is configuration, and judged as such. */
export type ConsumerWays = {
  readonly settings: Partial<ConsumerSettings>;
  readonly recovery: Partial<RecoveryPolicies>;
  readonly startAt: StartAt;
  readonly groupOf: GroupOf;
};

/** Where a planted bug takes the place of something right. Everything left out is as it is. */
export type Plant = {
  readonly kind?: SubjectKind;
  readonly settings?: Partial<ConsumerSettings>;
  readonly recovery?: Partial<RecoveryPolicies>;
  readonly startAt?: StartAt;
  /** What the consumer is given in the place of what is configured. */
  readonly mistaken?: (right: Partial<ConsumerWays>) => Partial<ConsumerWays>;
  /** At the store's side of the network, where one call is one moment. */
  readonly store?: (
    right: HeadStore<AppendWrite>,
    table: MemoryTable,
    now: () => number,
  ) => HeadStore<AppendWrite>;
  /** At the consumer's side of the network. */
  readonly heads?: (right: HeadStore<AppendWrite>) => HeadStore<AppendWrite>;
  readonly deadLetters?: (right: DeadLetters) => DeadLetters;
  readonly fold?: (right: FoldHandler<Log>) => FoldHandler<Log>;
  readonly effects?: (
    right: EffectsHandler<LedgerMemory, AppendWrite>,
  ) => EffectsHandler<LedgerMemory, AppendWrite>;
  readonly external?: (right: ExternalHandler) => ExternalHandler;
  readonly consumer?: (
    right: OrderedConsumer,
    ports: { readonly claimChecks: ClaimCheckStore },
  ) => OrderedConsumer;
  /** Of those who look back on what was done. */
  readonly tools?: (right: RestoreTools) => Partial<RestoreTools>;
  /** Somebody else's consumer, judged by the rules that it is bound by. */
  readonly subject?: Subject;
};

export type Subject = {
  /** Called once for each schedule; what it answers, once for each sandbox. */
  readonly start: (options: SystemOptions) => StartSandbox;
  readonly invariants: readonly Invariant[];
  /** How wrong a sandbox's clock may be, where the subject's promises hold by clocks. */
  readonly skewMsMax: number;
};

export type SystemOptions = {
  readonly kind: SubjectKind;
  readonly plant: Plant;
  readonly remote: Remote;
  readonly table: MemoryTable;
  readonly outside: Outside;
  readonly calls: CallWatch;
  /** What is left out has the library's default. */
  readonly ways: Partial<ConsumerWays>;
  /** Of one transaction. */
  readonly writesMax: number;
  /** What differs in the release before; absent: there is none. */
  readonly older?: Partial<Pick<SystemOptions, "ways" | "writesMax">> | undefined;
  /** Asked at each invocation. Absent: nobody. */
  readonly isOlder?: (process: SimulatedProcess) => boolean;
  readonly now: () => number;
  readonly newId: () => string;
  readonly deadLetters: () => DeadLetters;
  readonly redeliver: Redelivery["request"];
  /** What lies behind a claim check now. */
  readonly payload: (ref: string) => string | undefined;
  readonly observe: (process: SimulatedProcess, event: ConsumerEvent) => void;
  readonly onFailure: (process: SimulatedProcess, stream: string) => void;
  /** Around every commit that reaches the store. */
  readonly asWriter: <Answer>(
    process: SimulatedProcess,
    act: () => Promise<Answer>,
    ways?: Partial<ConsumerWays>,
  ) => Promise<Answer>;
  /** The version that the writer of this attempt had read. */
  readonly onBase: (attemptId: string, version: number) => void;
};

/** A cold start. */
export type StartSandbox = (
  process: SimulatedProcess,
) => (invocation: Invocation<readonly QueueRecord[]>) => Promise<BatchAnswer>;

export function system(options: SystemOptions): StartSandbox {
  const { table, plant } = options;
  if (plant.subject !== undefined) return plant.subject.start(options);
  const { older = {}, writesMax, isOlder = () => false } = options;
  const bounds = { writesMax };
  const right = memoryHeadStore({ table }, { bounds });
  const store = plant.store?.(right, table, options.now) ?? right;
  const of = (process: SimulatedProcess, isOld: boolean) => {
    const release = isOld ? { ...options, ...older } : options;
    return consumerIn(process, isOld ? olderStore(store, release.writesMax) : store, release);
  };
  return (process) => {
    let isOld = isOlder(process);
    let consumer = of(process, isOld);
    return ({ batch, remainingMs, near }) => {
      if (isOld && !isOlder(process)) {
        isOld = false;
        consumer = of(process, isOld);
      }
      return consumer.consume(batch, { remainingMs, near });
    };
  };
}

function consumerIn(
  process: SimulatedProcess,
  store: HeadStore<AppendWrite>,
  options: SystemOptions,
): OrderedConsumer {
  const { plant, remote, outside, table, kind } = options;
  const witnessed: HeadStore<AppendWrite> = {
    ...store,
    commit: (commit) => options.asWriter(process, () => store.commit(commit), options.ways),
  };
  const far = farHeads(process, witnessed, remote);
  const heads = attested(process, plant.heads?.(far) ?? far, options);
  const burial = remoteDeadLetters(process, options);
  const deadLetters = plant.deadLetters?.(burial) ?? burial;
  const onFailure = (stream: string): void => options.onFailure(process, stream);
  const mistaken = plant.mistaken?.(options.ways) ?? {};
  const { isOlder = () => false, now } = options;
  const place: SubjectPlace = { process, remote, now, onFailure, isOlder: isOlder(process) };
  const ports = {
    deadLetters,
    clock: process.clock,
    newId: options.newId,
    ...options.ways,
    ...mistaken,
    redelivery: remoteRedelivery(process, options),
    claimChecks: remotePayloads(process, options),
    observe: (event: ConsumerEvent) => options.observe(process, event),
  };
  const made = (): OrderedConsumer => {
    switch (kind) {
      case "fold": {
        const fold = foldSubject(place);
        return orderedConsumer({
          ...ports,
          heads,
          handler: plant.fold?.(fold) ?? fold,
        });
      }
      case "effects": {
        const effects = effectsSubject(place, memoryEventStore(table));
        return orderedConsumer({ ...ports, heads, handler: plant.effects?.(effects) ?? effects });
      }
      case "external": {
        const external = externalSubject(place, outside);
        return orderedConsumer({
          ...ports,
          heads,
          handler: options.calls.watched(process, plant.external?.(external) ?? external),
        });
      }
      default:
        return kind satisfies never;
    }
  };
  const consumer = made();
  return plant.consumer?.(consumer, { claimChecks: ports.claimChecks }) ?? consumer;
}

/** As an earlier release wrote heads: without the hash of what halted a stream. */
const olderStore = (store: HeadStore<AppendWrite>, writesMax: number): HeadStore<AppendWrite> => ({
  ...store,
  bounds: { ...store.bounds, writesMax },
  commit(commit) {
    const { head, beside = [] } = commit;
    const halts = beside.some((write) => "record" in write && write.record.kind === "halt");
    if (!halts || head.halt === undefined) return store.commit(commit);
    const { hash: _, ...halt } = head.halt;
    return store.commit({ ...commit, head: { ...head, halt } });
  },
});

/** Notes what each commit is based on and claims, before anything wrong can touch it. */
const attested = (
  process: SimulatedProcess,
  heads: HeadStore<AppendWrite>,
  { onBase, calls }: SystemOptions,
): HeadStore<AppendWrite> => ({
  ...heads,
  commit(commit) {
    calls.planned(process, commit.head);
    onBase(commit.head.attemptId, commit.head.version - 1);
    return heads.commit(commit);
  },
});

const remoteDeadLetters = (
  process: SimulatedProcess,
  { remote, deadLetters }: SystemOptions,
): DeadLetters => ({
  bury(record, cause) {
    const target = { port: "dead-letters.bury", subject: record.body, kind: "write" } as const;
    return remote.call(process, target, () => deadLetters().bury(record, cause));
  },
});

const remotePayloads = (
  process: SimulatedProcess,
  { remote, payload }: SystemOptions,
): ClaimCheckStore => ({
  put: () => Promise.reject(new Failure("unexpected", "reject", "a consumer stores nothing here")),
  get(ref) {
    const [stream = ""] = ref.split("#");
    const target = { port: "payloads.get", subject: stream, kind: "read" } as const;
    return remote.call(process, target, async () => payload(ref));
  },
});

const remoteRedelivery = (
  process: SimulatedProcess,
  { remote, redeliver }: SystemOptions,
): Redelivery => ({
  request(stream, missing) {
    const target = { port: "redelivery.request", subject: stream, kind: "write" } as const;
    return remote.call(process, target, () => redeliver(stream, missing));
  },
});
