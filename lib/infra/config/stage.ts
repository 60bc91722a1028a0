/**
 * What a stage is: every value that differs between environments, typed, in one record per stage
 * and nowhere else.
 */
import type { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { StageName } from "#contracts/outputs";
import type { EdgeSettings } from "./edge-settings.ts";
import type {
  ConsumerLimits,
  ConsumerThresholds,
  FunctionSize,
} from "../constructs/consumer-limits.ts";

/**
 * What a stage may switch on and off. `local` lacks only what a local cloud refuses (`waf`,
 * `archive`, `compositeAlarms`, `canary`: resource types that are unknown there) and what would
 * happen in the middle of a test (`schedules`); the rest says what a stage is for.
 */
export type StageFeatures = {
  /** A web ACL in front of the API: AWS's managed rules and a rate limit per address. */
  readonly waf: boolean;
  /** Tables, keys and queues survive their stack, and nobody deletes them by accident. */
  readonly deletionProtection: boolean;
  /** Tables can be restored to any second of the last 35 days. */
  readonly pointInTimeRecovery: boolean;
  /** Everything published on the bus is kept for replay. */
  readonly archive: boolean;
  /** One alarm over all that mean that the shop is broken. */
  readonly compositeAlarms: boolean;
  /**
   * A new version of an HTTP function takes 10 % of the calls first and is taken back when it
   * fails.
   */
  readonly canary: boolean;
  /**
   * Sweeps and the reconciliation run by the clock; without it whoever needs one invokes it, as
   * tests do.
   */
  readonly schedules: boolean;
  /**
   * Deploys the payment provider that ships with the project; without it the address of a real one
   * is a parameter.
   */
  readonly simulatedProvider: boolean;
  /** The simulated provider takes the money and does not answer for totals ending in 17. */
  readonly lateProviderAnswers: boolean;
  /** Webhooks may go to loopback addresses, where the receivers of tests are. */
  readonly loopbackWebhooks: boolean;
};

export type StageConsumer = ConsumerLimits & {
  /** Between two looks at a gap that nobody but its sender can fill. */
  readonly gapRetrySeconds: number;
};

export type RelayLimits = FunctionSize & {
  readonly batchSize: number;
  /**
   * Batches per shard under way at once, 1 to 10. Above 1 only the changes of one item stay in
   * order: two events of a stream may overtake each other, and its readers put them right.
   */
  readonly parallelization: number;
  readonly retriesMax: number;
  /** A stream keeps a record for 24 hours; it is given up earlier, so that somebody hears of it. */
  readonly recordAgeMaxHours: number;
};

/** API Gateway's token bucket; a coarse layer, "targets rather than guaranteed ceilings". */
export type Throttle = { readonly requestsPerSecond: number; readonly burst: number };

export type SearchSettings = {
  /**
   * `snapshot` runs in the functions; `opensearch` in a domain, whose address and ARN are then
   * parameters.
   */
  readonly engine: "snapshot" | "opensearch";
  /** Holds the whole index in memory. */
  readonly reader: FunctionSize;
  readonly builder: FunctionSize;
  /** Between two looks at whether the snapshot is still the newest. */
  readonly lookSeconds: number;
  /** Changes wait so long for others before a snapshot is written. */
  readonly gatherSeconds: number;
  /** More changes than this are not waited for. */
  readonly changesMax: number;
};

export type CacheSettings = {
  /** A copy in a sandbox's memory answers so long without a look at what is behind it. */
  readonly freshSeconds: number;
  /** Whether sandboxes share copies; the cache is its owner's, and named by parameters. */
  readonly shared: "none" | "valkey";
  /** A shared copy answers so long, unless a change ends it before. At least 60. */
  readonly sharedFreshSeconds: number;
};

export type Stage = {
  readonly name: StageName;
  readonly features: StageFeatures;
  readonly http: FunctionSize;
  readonly task: FunctionSize;
  /** Functions that only an operator invokes. */
  readonly operator: FunctionSize;
  /** Reads the whole of an event store. */
  readonly reconcile: FunctionSize;
  readonly consumer: StageConsumer;
  /** Its function waits for others' servers. */
  readonly webhookDelivery: ConsumerLimits;
  readonly relay: RelayLimits;
  readonly search: SearchSettings;
  readonly cache: CacheSettings;
  readonly throttle: Throttle;
  readonly edge: EdgeSettings;
  /** For `POST /oauth2/token`, where secrets could be guessed. */
  readonly tokenThrottle: Throttle;
  /** Requests of one address in five minutes before the firewall blocks it. */
  readonly firewallRequestsPerAddress: number;
  readonly logRetention: RetentionDays;
  readonly archiveRetentionDays: number;
  readonly alarms: AlarmThresholds;
};

export type AlarmThresholds = ConsumerThresholds & {
  readonly latencyP99Ms: number;
  /** In five minutes. */
  readonly serverErrors: number;
};
