/** Caught by nothing. */
import { used } from "../lib/kernel/half-used.ts";
import { z } from "zod";

console.log(used, z);
