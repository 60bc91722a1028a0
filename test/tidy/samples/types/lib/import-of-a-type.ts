/** Caught by TS1484. */
import { PathLike } from "node:fs";
export type Place = PathLike;
