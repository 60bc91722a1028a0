/** What the bad samples import; caught by nothing. */
export type { EpochMs } from "#kernel/units";
