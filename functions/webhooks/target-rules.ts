/**
 * Where webhooks of this stage may go, as its stack says.
 */
import type { TargetRules } from "#adapters/http/webhook-target";
import { WEBHOOK_TARGETS } from "#contracts/env";
import { Failure } from "#kernel/failure";

/** Errors: `misconfigured` (reject), at the cold start: a guard has no default. */
export function targetRules(targets: string): TargetRules {
  if (targets === WEBHOOK_TARGETS.public) return { allowsLoopback: false };
  if (targets === WEBHOOK_TARGETS.publicAndLoopback) return { allowsLoopback: true };
  const known = Object.values(WEBHOOK_TARGETS).join(", ");
  throw new Failure(
    "misconfigured",
    "reject",
    `WEBHOOK_TARGETS is one of ${known}; received "${targets}".`,
  );
}
