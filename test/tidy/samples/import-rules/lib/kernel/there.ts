/** One half of a circle, which is reported at the other one; caught by nothing. */
import type { Back } from "./back.ts";
export type There = Back | "there";
