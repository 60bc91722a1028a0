/** Caught by simulation-builtins. */
export { readFileSync } from "node:fs";
