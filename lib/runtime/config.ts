/**
 * The functions' environment: the only place that reads it. A function asks at cold start for the
 * names it needs, so a stack that forgot one fails the first call with the whole list instead of
 * one name at a time.
 */
import type { EnvKey } from "#contracts/env";
import { Failure } from "#kernel/failure";

/** Errors: `misconfigured` (reject) with every name that is missing or empty. */
export function config<Key extends EnvKey>(...keys: readonly Key[]): Readonly<Record<Key, string>> {
  const missing = keys.filter((key) => (process.env[key] ?? "") === "");
  if (missing.length > 0) {
    throw new Failure(
      "misconfigured",
      "reject",
      `The function's environment lacks ${missing.join(", ")}; its stack has to set them.`,
    );
  }
  const read = Object.fromEntries(keys.map((key) => [key, process.env[key] ?? ""]));
  return read as Readonly<Record<Key, string>>;
}

/** Those of the names that are set, for what has a default or another place to stand. */
export function configIfSet<Key extends EnvKey>(
  ...keys: readonly Key[]
): Readonly<Partial<Record<Key, string>>> {
  const read = keys.map((key) => [key, process.env[key] ?? ""] as const);
  const set = read.filter(([, value]) => value !== "");
  return Object.fromEntries(set) as Readonly<Partial<Record<Key, string>>>;
}
