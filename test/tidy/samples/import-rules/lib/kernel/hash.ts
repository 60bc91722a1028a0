/** Caught by kernel-digests-builtins. */
export { createHash } from "node:crypto";
export { readFileSync } from "node:fs";
