/** Caught by TS6133. */
export const label = (status: string): string => "open";
