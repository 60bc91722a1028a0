/** Caught by kernel-digests-imports, kernel-digests-packages. */
export type { EpochMs } from "#contracts/names";
export { ulid } from "@middy/core";
