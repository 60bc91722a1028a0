/** Caught by eslint(no-unused-vars). */
const price = 1;
export {};
