/** Caught by types. */
export type Used = "used";
export type Unused = "unused";
