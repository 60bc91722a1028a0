/** Caught by typescript(no-unsafe-return). */
export const order = (): { readonly id: string } => JSON.parse("{}");
