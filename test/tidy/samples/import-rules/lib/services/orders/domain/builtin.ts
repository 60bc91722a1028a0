/** Caught by domain-builtins. */
export { createHash } from "node:crypto";
