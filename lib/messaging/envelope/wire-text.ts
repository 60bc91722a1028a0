/**
 * JSON in such characters as a queue carries: SQS refuses a body with another one, or puts U+FFFD
 * in its place (SendMessage, "MessageBody"). JSON's own text escapes all of those but two.
 */

/** Outside of texts JSON has neither, so an escape says the same. */
const NOT_CARRIED = /[\uFFFE\uFFFF]/g;

export const wireText = (value: object): string =>
  JSON.stringify(value).replace(NOT_CARRIED, escaped);

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16)}`;
