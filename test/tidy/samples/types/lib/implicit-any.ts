/** Caught by TS7006. */
export const label = (status): string => String(status);
