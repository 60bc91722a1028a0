/**
 * What is looked at of a table's change stream; everything else costs no invocation.
 */

/**
 * Commits and records of violations are only ever inserted; heads that change and items that expire
 * are not events.
 */
export const inserted = (...prefixes: readonly string[]) => ({
  eventName: ["INSERT"],
  dynamodb: { Keys: { sk: { S: prefixes.map((prefix) => ({ prefix })) } } },
});

/** Items that are rewritten as a whole: each of their versions is an event. */
export const VERSIONED = { dynamodb: { NewImage: { version: { N: [{ exists: true }] } } } };
