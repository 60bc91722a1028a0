/**
 * How the sort keys of a table with events or heads begin: written by the adapters, and told apart
 * in change streams by the filters of the stacks.
 */

export const ITEM_PREFIXES = {
  commit: "commit#",
  head: "head#",
  parked: "parked#",
  audit: "audit#",
} as const;
