/** Caught by no-cycles. */
import type { There } from "#kernel/there";
export type Back = There | "back";
