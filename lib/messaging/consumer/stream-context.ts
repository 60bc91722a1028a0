/**
 * What every stream of a batch is carried through with.
 */
import type { Clock } from "#kernel/clock";
import type { NewId } from "#kernel/ids";
import type { ClaimCheckStore } from "../envelope/claim-check.ts";
import type { CommitBounds } from "../head/head-store.ts";
import type { StartAt } from "../plan/start-at.ts";
import type { RecoveryPolicies } from "../violation/recovery.ts";
import type { Redelivery } from "../violation/redelivery.ts";
import type { Observe } from "./consumer-event.ts";
import type { Tally } from "./consumer-report.ts";
import type { ConsumerSettings } from "./consumer-settings.ts";
import type { ExternalHandler } from "./handler.ts";
import type { Handling } from "./handling.ts";
import type { HeadAccess } from "./head-access.ts";
import type { QueueRecord } from "./queue-record.ts";
import type { StreamCache } from "./stream-cache.ts";

export type StreamContext<Held, Write> = {
  readonly handling: Handling<Held, Write>;
  readonly bounds: CommitBounds<Write>;
  readonly access: HeadAccess<Write>;
  readonly cache: StreamCache<Held>;
  readonly settings: ConsumerSettings;
  readonly recovery: RecoveryPolicies;
  readonly startAt: StartAt;
  readonly redelivery: Redelivery | undefined;
  readonly claimChecks: ClaimCheckStore | undefined;
  /** Absent for handlers that call nobody. */
  readonly external: ExternalHandler | undefined;
  readonly newId: NewId;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly observe: Observe;
  /** Dead-letters a record; false when that failed, so that it has to come again. */
  readonly bury: (record: QueueRecord, cause: string) => Promise<boolean>;
};
