/** Caught by unresolved. */
import { nothing } from "#kernel/nothing";

console.log(nothing);
