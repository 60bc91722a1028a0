/** Caught by contracts-builtins. */
export { createHash } from "node:crypto";
