/** Caught by adapters-memory-packages. */
export { ulid } from "@middy/core";
