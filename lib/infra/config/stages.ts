/**
 * The stages: `local` for a local cloud, `dev` for trying things in an account, `prod` for
 * customers.
 */
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { STAGES, type StageName } from "#contracts/outputs";
import { Failure } from "#kernel/failure";
import { checkOrigins, type EdgeSettings } from "./edge-settings.ts";
import type { CacheSettings, RelayLimits, SearchSettings, Stage, StageConsumer } from "./stage.ts";
import type { ConsumerLimits } from "../constructs/consumer-limits.ts";

const consumer: StageConsumer = {
  memoryMb: 512,
  timeoutSeconds: 10,
  visibilityTimeoutSeconds: 60,
  attemptsMax: 5,
  receivesMax: 15,
  batchSize: 10,
  concurrencyMax: 10,
  gapDeadlineSeconds: 300,
  gapRetrySeconds: 3600,
  retryDelaySeconds: 60,
  acceptsShortGapDeadline: false,
};

/**
 * A call that is not answered takes 8 s, and what is under way when the function's time is over is
 * sent again: several fit in.
 */
const webhookDelivery: ConsumerLimits = {
  memoryMb: 512,
  timeoutSeconds: 60,
  visibilityTimeoutSeconds: 360,
  attemptsMax: 5,
  receivesMax: 15,
  batchSize: 10,
  concurrencyMax: 10,
  gapDeadlineSeconds: 1500,
  retryDelaySeconds: 60,
  acceptsShortGapDeadline: false,
};

const relay: RelayLimits = {
  memoryMb: 512,
  timeoutSeconds: 30,
  batchSize: 100,
  parallelization: 2,
  // As many as Lambda allows: how long an event is tried is said by its age alone.
  retriesMax: 10_000,
  recordAgeMaxHours: 12,
};

const search: SearchSettings = {
  engine: "snapshot",
  // A full CPU: a search is computation, and so is unpacking the index.
  reader: { memoryMb: 1792, timeoutSeconds: 10 },
  builder: { memoryMb: 1792, timeoutSeconds: 60 },
  lookSeconds: 10,
  gatherSeconds: 10,
  changesMax: 5000,
};

const cache: CacheSettings = { freshSeconds: 5, shared: "none", sharedFreshSeconds: 60 };

/** The documents hardly ever change, and are the largest answers that anybody may ask for. */
const documents = { quota: 20, windowSeconds: 10 };

/** A replay comes from one client and one address: what the gateway lets through. */
const edge: EdgeSettings = {
  limits: {
    default: { quota: 12_000, windowSeconds: 60 },
    anonymous: { quota: 12_000, windowSeconds: 60 },
    tokens: { quota: 600, windowSeconds: 60 },
    reports: { quota: 12_000, windowSeconds: 60 },
    documents,
  },
  origins: [],
};

const dev: Stage = {
  name: "dev",
  features: {
    waf: true,
    deletionProtection: false,
    pointInTimeRecovery: true,
    archive: true,
    compositeAlarms: true,
    canary: false,
    schedules: true,
    simulatedProvider: true,
    lateProviderAnswers: true,
    loopbackWebhooks: false,
  },
  http: { memoryMb: 512, timeoutSeconds: 10 },
  task: { memoryMb: 512, timeoutSeconds: 15 },
  operator: { memoryMb: 512, timeoutSeconds: 60 },
  reconcile: { memoryMb: 1024, timeoutSeconds: 900 },
  consumer,
  webhookDelivery,
  relay,
  search,
  cache,
  throttle: { requestsPerSecond: 200, burst: 400 },
  edge,
  tokenThrottle: { requestsPerSecond: 20, burst: 40 },
  // A replay comes from one address.
  firewallRequestsPerAddress: 100_000,
  logRetention: RetentionDays.TWO_WEEKS,
  archiveRetentionDays: 14,
  alarms: {
    oldestMessageSeconds: 300,
    latencyP99Ms: 2000,
    serverErrors: 5,
    parkedMessages: 500,
    commitP99Ms: 1000,
  },
};

const local: Stage = {
  ...dev,
  name: "local",
  features: {
    ...dev.features,
    waf: false,
    archive: false,
    compositeAlarms: false,
    schedules: false,
    loopbackWebhooks: true,
  },
  // Short, so that a killed or stuck consumer, or a gap, is seen by a test within seconds; few at
  // once, because each is a process beside the server.
  consumer: {
    ...consumer,
    timeoutSeconds: 2,
    visibilityTimeoutSeconds: 12,
    concurrencyMax: 2,
    gapDeadlineSeconds: 2,
    acceptsShortGapDeadline: true,
    gapRetrySeconds: 2,
    retryDelaySeconds: 2,
  },
  search: { ...search, lookSeconds: 1, gatherSeconds: 2 },
  webhookDelivery: { ...webhookDelivery, concurrencyMax: 2 },
  // One machine serves client and cloud: the gateway must not be what a replay waits for.
  throttle: { requestsPerSecond: 2000, burst: 4000 },
  tokenThrottle: { requestsPerSecond: 2000, burst: 4000 },
  edge: {
    limits: {
      default: { quota: 1_000_000, windowSeconds: 60 },
      anonymous: { quota: 1_000_000, windowSeconds: 60 },
      tokens: { quota: 1_000_000, windowSeconds: 60 },
      reports: { quota: 1_000_000, windowSeconds: 60 },
      documents,
    },
    // A shop's pages, as their developer serves them.
    origins: ["http://localhost:3000", "http://localhost:5173"],
  },
  logRetention: RetentionDays.ONE_DAY,
};

const prod: Stage = {
  ...dev,
  name: "prod",
  features: {
    waf: true,
    deletionProtection: true,
    pointInTimeRecovery: true,
    archive: true,
    compositeAlarms: true,
    canary: true,
    schedules: true,
    simulatedProvider: false,
    lateProviderAnswers: false,
    loopbackWebhooks: false,
  },
  http: { memoryMb: 1024, timeoutSeconds: 10 },
  consumer: { ...consumer, memoryMb: 1024, concurrencyMax: 50 },
  webhookDelivery: { ...webhookDelivery, concurrencyMax: 50 },
  relay: { ...relay, memoryMb: 1024, parallelization: 4 },
  throttle: { requestsPerSecond: 1000, burst: 2000 },
  edge: {
    limits: {
      // A shop's own servers ask for all of its customers.
      default: { quota: 6000, windowSeconds: 60 },
      anonymous: { quota: 1200, windowSeconds: 60 },
      tokens: { quota: 60, windowSeconds: 60 },
      reports: { quota: 60_000, windowSeconds: 60 },
      documents,
    },
    origins: [],
  },
  firewallRequestsPerAddress: 10_000,
  logRetention: RetentionDays.THREE_MONTHS,
  archiveRetentionDays: 90,
  alarms: { ...dev.alarms, oldestMessageSeconds: 120, latencyP99Ms: 1000, commitP99Ms: 500 },
};

const stages: Readonly<Record<StageName, Stage>> = { local, dev, prod };

/** Errors: `misconfigured` (reject) for a name that is no stage. */
export function stageNamed(name: string): Stage {
  const found = STAGES.find((known) => known === name);
  if (found === undefined) {
    throw new Failure(
      "misconfigured",
      "reject",
      `There is no stage "${name}"; choose one of ${STAGES.join(", ")}: cdk synth -c stage=dev`,
    );
  }
  return stages[found];
}

/**
 * What a stage's features exclude, beyond what their types can say.
 * Errors: `misconfigured` (reject) with the combination and the way out.
 */
export function checkStage(stage: Stage): Stage {
  const { simulatedProvider, lateProviderAnswers } = stage.features;
  if (lateProviderAnswers && !simulatedProvider) {
    throw new Failure(
      "misconfigured",
      "reject",
      `Stage ${stage.name}: lateProviderAnswers is on, but only the simulated provider can ` +
        "answer late; switch simulatedProvider on or lateProviderAnswers off.",
    );
  }
  checkOrigins(stage.name, stage.edge);
  return stage;
}
