/** Caught by typescript(no-unsafe-member-access). */
export const isPaid = (): boolean => JSON.parse("{}").paid === true;
