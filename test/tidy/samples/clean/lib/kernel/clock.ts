/** The one place that reads the clock. */
export const now = (): number => Date.now();
export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
