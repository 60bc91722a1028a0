/**
 * The settings of one part, checked when it is built, all mistakes at once, so that a wrong number
 * is found at deployment and not when the dependency fails.
 */
import { Failure, type FailureDetail } from "#kernel/failure";

/** Smallest and largest, both allowed; whole numbers only unless it says otherwise. */
export type SettingRange = readonly [smallest: number, largest: number, kind?: "fraction"];

type Numbers<Settings> = { readonly [Name in keyof Settings]: number };

/**
 * @param part named in the error.
 * @throws Failure `misconfigured` with a detail for every setting that is unknown or out of its
 * range.
 */
export function flowSettings<Settings extends Numbers<Settings>>(
  part: string,
  given: Partial<Settings>,
  defaults: Settings,
  ranges: Readonly<Record<keyof Settings, SettingRange>>,
): Settings {
  const details: FailureDetail[] = [];
  for (const [name, value] of Object.entries(given)) {
    const range = Object.hasOwn(ranges, name) ? ranges[name as keyof Settings] : undefined;
    const known = `is unknown; known are ${Object.keys(defaults).join(", ")}`;
    const detail = range === undefined ? known : outOfRange(value, range);
    if (detail !== undefined) details.push({ pointer: `/${name}`, detail });
  }
  if (details.length > 0) {
    const list = details.map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`).join("; ");
    throw new Failure("misconfigured", "reject", `Settings of ${part}: ${list}.`, { details });
  }
  return { ...defaults, ...given };
}

function outOfRange(value: unknown, [smallest, largest, kind]: SettingRange): string | undefined {
  const isNumber = kind === "fraction" ? Number.isFinite(value) : Number.isSafeInteger(value);
  if (isNumber && (value as number) >= smallest && (value as number) <= largest) return undefined;
  const must = kind === "fraction" ? "a number" : "an integer";
  return `must be ${must} from ${smallest} to ${largest}; received ${String(value)}`;
}
