/** Caught by adapters-memory-builtins. */
export { setTimeout } from "node:timers/promises";
