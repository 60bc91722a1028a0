/** Caught by typescript(no-unsafe-assignment). */
const order = JSON.parse("{}");
export const hasOrder = (): boolean => order !== undefined;
