/**
 * How far a run is, as it is stored: what has been begun is written before it is called, so that
 * nothing can have happened that the record does not know of.
 */
import { Failure, type FailureCode } from "#kernel/failure";
import { isJsonObject, type Json, type JsonObject } from "#kernel/json";
import type { EpochMs } from "#kernel/units";

export type StepProgress = { readonly name: string } & (
  | { readonly status: "untouched" }
  /** All or nothing of it has happened, or may yet until `landsBy`. */
  | { readonly status: "begun"; readonly attempts: number; readonly landsBy: EpochMs }
  | { readonly status: "done"; readonly result: Json }
  | { readonly status: "undoing"; readonly attempts: number; readonly result?: Json }
  /** The tombstone: whoever comes with the step later is refused. */
  | { readonly status: "undone" }
);

/** Why a run is undone. */
export type RunCause = {
  /** Absent: somebody asked for it. */
  readonly step?: string;
  readonly code: FailureCode;
  readonly message: string;
};

/** An undo that somebody has to see to: what it should have undone may still stand. */
export type Attention = {
  readonly step: string;
  readonly code: FailureCode;
  readonly message: string;
  readonly at: EpochMs;
};

export type RunProgress = {
  readonly format: 1;
  readonly status: RunStatus;
  /** Absent: it was undone before it began. */
  readonly input?: Json;
  readonly steps: readonly StepProgress[];
  readonly cause?: RunCause;
  readonly attention?: Attention;
};

const STATUSES = ["running", "completed", "unwinding", "undone", "needs-attention"] as const;
const STEP_STATUSES = ["untouched", "begun", "done", "undoing", "undone"] as const;

export type RunStatus = (typeof STATUSES)[number];

/** @throws Failure `unexpected` (retry) for what no version known here wrote. */
export function runProgressOf(id: string, data: JsonObject): RunProgress {
  const { format, status, steps } = data;
  const isRead =
    format === 1 && isOneOf(STATUSES, status) && Array.isArray(steps) && steps.every(isStep);
  if (isRead) return data as unknown as RunProgress;
  throw new Failure(
    "unexpected",
    "retry",
    `The run ${JSON.stringify(id)} cannot be read: deploy the version that wrote it.`,
  );
}

const isOneOf = (known: readonly string[], value: Json | undefined): boolean =>
  typeof value === "string" && known.includes(value);

const isStep = (value: Json): boolean =>
  isJsonObject(value) &&
  typeof value["name"] === "string" &&
  isOneOf(STEP_STATUSES, value["status"]);
