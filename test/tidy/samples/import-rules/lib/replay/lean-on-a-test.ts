/** Caught by replay-imports. */
export { expect } from "../../test/support/shop.ts";
