/**
 * The lock file names packages by version and content, not by where one machine fetched them.
 */
import { recordOf } from "../manifest.ts";
import type { Rule } from "../rule.ts";

const LOCK = "package-lock.json";
const PLACE = /^(?:file|link|git(?:\+\w+)?|https?):/;

export const lockWithoutPlaces: Rule = {
  name: "lock-without-places",
  why: "An address in the lock file makes the install depend on one registry or one folder.",
  check(file, tree) {
    if (file.path === "package.json" && tree.file(LOCK) === undefined) {
      return [{ line: 0, message: `${LOCK} is missing: without it two installs differ` }];
    }
    if (file.path !== LOCK) return [];
    const packages = recordOf(recordOf(JSON.parse(file.text) as unknown)["packages"]);
    return Object.entries(packages).flatMap(([path, entry]) => {
      const place = placeOf(recordOf(entry));
      if (place === undefined) return [];
      const message = `"${path}" names ${place}: lock again with the settings of .npmrc`;
      return [{ line: 1 + file.lines.findIndex((line) => line.includes(`"${path}"`)), message }];
    });
  },
};

function placeOf(entry: Readonly<Record<string, unknown>>): string | undefined {
  if ("resolved" in entry) return `the place ${String(entry["resolved"])}`;
  if (entry["link"] === true) return "a folder of one machine";
  const version = String(entry["version"]);
  return PLACE.test(version) ? `the place ${version}` : undefined;
}
