/** Caught by typescript(use-unknown-in-catch-callback-variable). */
async function charge(): Promise<void> {}
export const pay = (): Promise<void> => charge().catch((error: Error) => void error.message);
