/** Caught by domain-imports. */
export type { EpochMs } from "../ports.ts";
