/** Caught by contracts-packages. */
export { ulid } from "@middy/core";
