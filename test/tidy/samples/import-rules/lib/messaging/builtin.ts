/** Caught by messaging-builtins. */
export { setTimeout } from "node:timers/promises";
