/** Caught by typescript(consistent-type-imports). */
import { PathLike } from "node:fs";
export type Place = PathLike;
