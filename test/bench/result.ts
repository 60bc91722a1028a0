/**
 * What one run of the benchmark found, as it is written to JSON.
 */
import type { BenchRow } from "./goals.ts";
import type { GrowthPoint } from "./more/growth.ts";
import type { CloudTime } from "./more/local-cloud.ts";
import type { ParkedMemory } from "./more/parked.ts";
import type { PoisonCourse } from "./more/poison.ts";
import type { StreamsPoint } from "./more/streams.ts";
import type { PerMessage } from "./rows/counters.ts";

export type Environment = {
  readonly date: string;
  readonly commit: string;
  readonly isCommitted: boolean;
  readonly node: string;
  readonly cores: number;
  /** Each of them as it stands in package.json. */
  readonly packages: Readonly<Record<string, string>>;
  readonly storeLatencyMs: number;
  readonly rounds: number;
};

/** What the cost of a design follows from, per message. */
export type DesignCounters = Pick<PerMessage, "requests" | "writeUnits" | "readUnits"> & {
  /** Of store requests that are waited for one after the other, for each batch of ten. */
  readonly waitsPerBatch: number;
};

export const DESIGNS = ["fold", "effects", "powertools", "powertools-outbox"] as const;
export type Design = (typeof DESIGNS)[number];

export type BenchResult = {
  readonly environment: Environment;
  readonly rows: readonly BenchRow[];
  readonly designs: Readonly<
    Record<Design, { readonly ten: DesignCounters; readonly one: DesignCounters }>
  >;
  readonly growth: readonly GrowthPoint[];
  readonly parked: readonly ParkedMemory[];
  readonly streams: readonly StreamsPoint[];
  readonly poison: readonly PoisonCourse[];
  /** Empty when no local cloud was started. */
  readonly cloud: readonly CloudTime[];
};
