/** Looks away without a reason, or from what holds everywhere. */
// oxlint-disable-next-line no-var caught
export var total = 1;
// oxlint-disable no-var -- because it was caught
// eslint-disable-next-line no-var -- because it was caught
// @ts-ignore because it was caught
// @ts-expect-error caught
// biome-ignore format: caught
export const price = 1; // oxlint-disable-line typescript/no-explicit-any -- it is caught
