/** Caught by import(no-duplicates). */
import { readFileSync } from "node:fs";
import { writeFileSync } from "node:fs";
export const files = [readFileSync, writeFileSync];
