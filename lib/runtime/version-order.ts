/**
 * Takes the place of `semver` under the X-Ray SDK (`lib/infra/bundle.ts`), which asks it one thing:
 * whether an AWS SDK of the second line is new enough. The whole of it is 29 kB of every function.
 */

/** Of release versions, as `2.7.15`: major, minor and patch decide. */
export function gte(version: string, least: string): boolean {
  const [one, other] = [numbersIn(version), numbersIn(least)];
  const differing = one.findIndex((number, place) => number !== other[place]);
  return (one[differing] ?? 0) >= (other[differing] ?? 0);
}

/** Three of them. */
const numbersIn = (version: string): readonly number[] => {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return [major, minor, patch];
};
