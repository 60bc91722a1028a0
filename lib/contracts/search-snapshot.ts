/**
 * Where the search index is in the bucket of the catalogue: its writers and readers must agree.
 */
export const SEARCH_SNAPSHOT_KEY = "search/snapshot.json.gz";
