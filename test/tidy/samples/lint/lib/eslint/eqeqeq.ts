/** Caught by eslint(eqeqeq). */
export const isPaid = (status: string): boolean => status == "paid";
