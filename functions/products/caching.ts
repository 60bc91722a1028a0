/**
 * What caches may do with what anybody may see.
 */

/** Anybody may keep a copy but has to ask whether it still holds: prices change. */
export const REVALIDATED = { "cache-control": "public, no-cache" } as const;
