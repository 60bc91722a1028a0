/** Caught by adapters-minisearch-builtins. */
export { setTimeout } from "node:timers/promises";
