/** Caught by adapters-aws-imports. */
export type { EpochMs } from "#adapters/http/client";
