/** Caught by bin-imports. */
export { expect } from "../test/support/shop.ts";
