/** Caught by services-builtins. */
export { createHash } from "node:crypto";
