/**
 * What a thread is told, and what it answers.
 */
import type { Batch } from "#simulation/batch";
import type { Schedule } from "#simulation/scenario";

export type ThreadData = {
  /** A module that exports `catalogue`. */
  readonly catalogueUrl: string;
  /** The seed under way, and how many schedules were begun. */
  readonly pulse: Uint32Array<SharedArrayBuffer>;
};

export type Assignment =
  | { readonly kind: "batch"; readonly scenario: string; readonly batch: Batch }
  | { readonly kind: "minimise"; readonly scenario: string; readonly schedule: Schedule };

export type Answer =
  | { readonly isRight: true; readonly result: unknown }
  | { readonly isRight: false; readonly reason: string };
