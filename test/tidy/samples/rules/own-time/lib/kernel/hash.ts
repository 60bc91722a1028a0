/** The kernel converts instants, and reads none. */
export const convert = (at: number) => new Date(at).toISOString();
export const now = () => Date.now(); // caught
