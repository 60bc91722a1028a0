/** Caught by lambda-builtins. */
export { createHash } from "node:crypto";
