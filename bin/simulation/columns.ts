/**
 * Tables for a terminal and for a document, and how their numbers are written.
 */

export type Table = {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

const NUMERIC = /^[\d.,]+( %)?$/;

/** For a terminal: columns stand under each other, numbers to the right. */
export function plainTable({ headings, rows }: Table): readonly string[] {
  const widths = widthsOf([headings, ...rows]);
  const isNumeric = headings.map((_heading, column) => {
    return rows.length > 0 && rows.every((row) => NUMERIC.test(row[column] ?? ""));
  });
  return [headings, ...rows].map((cells) => {
    const padded = cells.map((cell, column) => {
      const width = widths[column] ?? 0;
      return isNumeric[column] === true ? cell.padStart(width) : cell.padEnd(width);
    });
    return `  ${padded.join("  ").trimEnd()}`;
  });
}

/** For a document in Markdown. */
export function markdownTable({ headings, rows }: Table): readonly string[] {
  const cells = [headings, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = widthsOf(cells);
  const rule = widths.map((width) => "-".repeat(Math.max(3, width)));
  const [first = [], ...rest] = cells;
  return [first, rule, ...rest].map((row) => {
    const padded = row.map((cell, column) => cell.padEnd(Math.max(3, widths[column] ?? 0)));
    return `| ${padded.join(" | ")} |`;
  });
}

export const count = (value: number): string => value.toLocaleString("en-US");

export const seedRange = (first: number, seeds: number): string =>
  seeds === 1 ? `seed ${first}` : `seeds ${first} to ${first + seeds - 1}`;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;

/** In the two largest units that matter. */
export function span(milliseconds: number): string {
  if (milliseconds >= YEAR_MS) return twoUnits(milliseconds, YEAR_MS, "years", DAY_MS, "days");
  if (milliseconds >= DAY_MS) return twoUnits(milliseconds, DAY_MS, "days", HOUR_MS, "h");
  if (milliseconds >= HOUR_MS) return twoUnits(milliseconds, HOUR_MS, "h", MINUTE_MS, "min");
  if (milliseconds < MINUTE_MS) return `${Math.floor(milliseconds / 1000)} s`;
  return twoUnits(milliseconds, MINUTE_MS, "min", 1000, "s");
}

function twoUnits(
  milliseconds: number,
  large: number,
  largeName: string,
  small: number,
  smallName: string,
): string {
  const many = Math.floor(milliseconds / large);
  const few = Math.floor((milliseconds % large) / small);
  return `${many} ${named(many, largeName)} ${few} ${named(few, smallName)}`;
}

const named = (number: number, name: string): string =>
  number === 1 ? name.replace(/(?<=..)s$/, "") : name;

function widthsOf(rows: readonly (readonly string[])[]): readonly number[] {
  const [first = []] = rows;
  return first.map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
}
