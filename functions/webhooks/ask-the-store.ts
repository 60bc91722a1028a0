/**
 * What a consumer of ours does about a message that is still missing after its deadline: the store
 * that its messages come from has every one, and sends exactly what is lacking.
 */
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { randomIds } from "#kernel/ids";
import { seconds } from "#kernel/units";
import { claimChecks } from "#lambda/claim-check-place";
import {
  type ClaimCheckStore,
  type EventStore,
  type RecoveryPolicies,
  type Redelivery,
  redeliveryFrom,
} from "#messaging";

export type AskedStore = {
  readonly store: EventStore;
  /** The consumer's own. */
  readonly queueUrl: string;
  readonly source: string;
  readonly types: readonly string[];
  /** As the environment has it. */
  readonly deadlineSeconds: string;
};

export type GapOptions = {
  readonly recovery: Partial<RecoveryPolicies>;
  readonly redelivery: Redelivery;
  /** What is sent again, and what is read. */
  readonly claimChecks: ClaimCheckStore;
};

export function askTheStore({ queueUrl, deadlineSeconds, ...asked }: AskedStore): GapOptions {
  const claimCheckStore = claimChecks();
  const deadlineMs = seconds(Number(deadlineSeconds));
  return {
    recovery: {
      gap: {
        severity: "critical",
        recovery: { kind: "request-redelivery", deadlineMs, triesMax: 5 },
      },
    },
    redelivery: redeliveryFrom({
      ...asked,
      sender: sqsFifoSender({ client: sqsClient(), queueUrl }),
      newId: randomIds,
      claimChecks: claimCheckStore,
    }),
    claimChecks: claimCheckStore,
  };
}
