/** Caught by kernel-imports. */
export type { EpochMs } from "../messaging/index.ts";
