/** Caught by kernel-builtins. */
export { createHash } from "node:crypto";
