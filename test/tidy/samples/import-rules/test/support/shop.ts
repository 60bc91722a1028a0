/** What the bad samples import; caught by nothing. */
export { expect } from "vitest";
export type { Queue } from "#adapters/memory/store";
