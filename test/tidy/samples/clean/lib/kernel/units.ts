/** Conversions, which need no clock. */
export const text = (at: number): string => new Date(at).toISOString();
