/** Everything. */
export * from "./units.ts"; // caught
export * as ids from "./ids.ts"; // caught
export { later } from "./units.ts";
