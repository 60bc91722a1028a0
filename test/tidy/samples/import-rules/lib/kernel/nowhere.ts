/** Caught by no-unresolved. */
export { nothing } from "#kernel/nothing";
