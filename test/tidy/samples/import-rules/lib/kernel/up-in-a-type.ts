/** Caught by kernel-imports. */
export type Name = import("#contracts/names").EpochMs;
