/**
 * Stock Powertools in the place of the library: the same world, traffic, queue, sandboxes and
 * faults, seed for seed. Judged under what it makes promises about: messages sent in order.
 */
import { seededRng, shuffled } from "#kernel/rng";
import type { FaultName, Scenario, Schedule, ScheduleResult } from "#simulation/scenario";
import { DRAINS } from "../invariants/all.ts";
import type { Plant } from "../system.ts";
import { runWorld } from "../world.ts";
import { effectRules, type Finding } from "./rules.ts";
import { EVENT_ID, type PowertoolsOptions, startPowertools } from "./subject.ts";
import { withVirtualDate } from "./virtual-date.ts";

/**
 * Whatever befalls a consumer of messages that were sent well. Left out is what only the library
 * has (transactions, an index, operators, claim checks with checksums, the check of times).
 */
export const JUDGED_FAULTS = [
  "kill",
  "pause",
  "throttle-burst",
  "lost-request",
  "lost-answer",
  "late-write",
  "slow-call",
  "lost-invocation-answer",
  "clock-skew",
  "clock-jump",
  "racing-twin",
  "lost-receive",
  "lost-delete",
  "late-batch",
  "duplicate-send",
  "partial-send",
  "transient-poison",
  "permanent-poison",
  "malformed-body",
  "hot-stream",
  "outside-write",
  "redrive",
] as const satisfies readonly FaultName[];

/**
 * It knows no sequence, and promises nothing about messages that come early, or with a sequence
 * that another one has, or in the wrong group: published apart, and never held against it.
 */
export const UNPROMISED_FAULTS = [
  "reorder",
  "late-send",
  "rival-sender",
  "misrouted",
  "after-close",
] as const satisfies readonly FaultName[];

const BRANCHES = [
  "invocation-answered",
  "invocation-crashed",
  "invocation-timed-out",
  "queue-dead",
  "queue-redriven",
  "handler-failed",
  "zombie-commit",
  "lock-taken",
  "lock-taken-over",
  "lock-respected",
  "lock-released",
  "completed",
  "completed-by-stranger",
  "released-by-stranger",
  "result-replayed",
] as const;

/**
 * Its locks hold by clocks, as our external handler's do: they are wrong by no more than a lease,
 * while those of our other handlers are wrong by minutes.
 */
const SKEW_MS_MAX = 2_000;
const FAULTS_MIN = 2;

export const powertoolsScenario: Scenario = {
  name: "powertools",
  faults: JUDGED_FAULTS,
  branches: BRANCHES,
  async run(schedule) {
    const { result } = await runPowertools(
      { ...schedule, faults: schedule.faults ?? drawn(schedule) },
      ({ detail }) => detail,
    );
    return result;
  },
};

export type PowertoolsRun = {
  readonly result: ScheduleResult;
  readonly findings: readonly Finding[];
};

/**
 * @param judge whether a finding ends the schedule: with its detail; undefined: it goes on, and
 * everything that is wrong is found.
 */
export async function runPowertools(
  schedule: Schedule,
  judge: (finding: Finding) => string | undefined,
  options: Partial<PowertoolsOptions> = {},
): Promise<PowertoolsRun> {
  const findings: Finding[] = [];
  const events: Record<string, number> = {};
  const invariants = effectRules((finding) => {
    findings.push(finding);
    return judge(finding);
  });
  const plant: Plant = {
    kind: "effects",
    subject: {
      invariants,
      skewMsMax: SKEW_MS_MAX,
      start: (surroundings) =>
        startPowertools(surroundings, {
          eventKeyJmesPath: EVENT_ID,
          skipGroupOnError: true,
          onEvent: (event) => {
            events[event] = (events[event] ?? 0) + 1;
          },
          ...options,
        }),
    },
  };
  const { breach, ...result } = await withVirtualDate(() => runWorld({ schedule, plant }));
  // Poison goes round between the queue and its dead letters until a person deletes it.
  const isJudged = breach !== undefined && breach.invariant !== DRAINS;
  const branches = { ...result.branches, ...events };
  return { result: { ...result, branches, ...(isJudged ? { breach } : {}) }, findings };
}

/** Few and many faults are equally likely, as in the swarm. */
function drawn({ seed }: Schedule): readonly FaultName[] {
  const rng = seededRng(seed).fork("judged-faults");
  const count = FAULTS_MIN + rng.int(JUDGED_FAULTS.length - FAULTS_MIN + 1);
  return shuffled(JUDGED_FAULTS, rng).slice(0, count);
}
