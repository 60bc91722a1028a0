/** Caught by unlisted. */
import type { Used } from "../lib/kernel/half-used-types.ts";
import { parse } from "acorn";

export const used: readonly [Used, unknown] = ["used", parse];
