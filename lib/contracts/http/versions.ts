/**
 * The dated versions of `/v1`: a caller may name the one that it was written for in `API-Version`.
 * What breaks nobody has no version of its own.
 */

export const API_VERSION_HEADER = "api-version";

/** The last one answers, and says so. */
export const API_VERSIONS = ["2026-11-22"] as const;

export const CURRENT_VERSION = API_VERSIONS[API_VERSIONS.length - 1];
