/** Caught by configuration-imports, configuration-packages. */
export type { EpochMs } from "#contracts/names";
export { ulid } from "@middy/core";
