/** Caught by set-up-imports, set-up-packages. */
export { used } from "./deploy.ts";
export { ulid } from "@middy/core";
