/**
 * The schema library's small form says "Invalid input" for everything until it is given a language;
 * what it says about an event stands in the halt of a stream, for an operator to read.
 */
import { config } from "zod/mini";
import { en } from "zod/locales";

config(en());
