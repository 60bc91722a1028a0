/** Caught by adapters-opensearch-builtins. */
export { setTimeout } from "node:timers/promises";
