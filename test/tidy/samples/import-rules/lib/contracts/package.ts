/** Caught by contracts-packages. */
export { ulid } from "ulid";
