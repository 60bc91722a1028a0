/**
 * A table in a file whose first line names its columns: rows by column name, and errors that say
 * where they are.
 */
import { Failure } from "#kernel/failure";
import { csvRecords } from "./csv.ts";
import { textOf } from "./text-file.ts";

export type TableRow<Column extends string> = {
  readonly line: number;
  value(column: Column): string;
  /** The error for a value of this row: file, line, column, value, and what to do. */
  wrong(column: Column, whatToDo: string): Failure;
};

/** Far above any real file, so that a wrong one ends in an error and not in memory. */
const ROWS_MAX = 2_000_000;

/**
 * All rows of a file; columns that are not asked for are ignored. Throws `Failure`
 * `malformed-request` (reject): unreadable, empty, a column missing or twice, a row of another
 * width.
 */
export async function* tableRows<Column extends string>(
  file: string,
  columns: readonly Column[],
): AsyncGenerator<TableRow<Column>> {
  let positions: ReadonlyMap<Column, number> | undefined;
  let width = 0;
  let rows = 0;
  for await (const { line, fields } of csvRecords(textOf(file), file)) {
    if (positions === undefined) {
      positions = positionsOf(file, fields, columns);
      width = fields.length;
      continue;
    }
    rows += 1;
    if (rows > ROWS_MAX) throw refused(`${file}: more than ${ROWS_MAX} rows: split the file`);
    if (fields.length !== width) {
      throw refused(
        `${file}, line ${line}: ${fields.length} values where the first line names ${width} ` +
          `columns: ${shown(fields.join(","))}. Give the row one value for each column.`,
      );
    }
    yield row(file, line, fields, positions);
  }
  if (positions === undefined) {
    throw refused(`${file}: the file is empty. Its first line must name ${columns.join(", ")}.`);
  }
  if (rows === 0) throw refused(`${file}: there are no rows below the first line. Add some.`);
}

function positionsOf<Column extends string>(
  file: string,
  names: readonly string[],
  columns: readonly Column[],
): ReadonlyMap<Column, number> {
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw refused(
      `${file}, line 1: missing ${missing.length === 1 ? "column" : "columns"} ` +
        `${missing.join(", ")}; the line is ${shown(names.join(","))}. Add what is missing.`,
    );
  }
  const twice = columns.find((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (twice !== undefined) {
    throw refused(`${file}, line 1: column ${twice} is named twice. Leave one of them.`);
  }
  return new Map(columns.map((column) => [column, names.indexOf(column)]));
}

function row<Column extends string>(
  file: string,
  line: number,
  fields: readonly string[],
  positions: ReadonlyMap<Column, number>,
): TableRow<Column> {
  const value = (column: Column): string => fields[positions.get(column) ?? -1] ?? "";
  return {
    line,
    value,
    wrong: (column, whatToDo) =>
      refused(`${file}, line ${line}, column ${column}: got ${shown(value(column))}. ${whatToDo}`),
  };
}

const refused = (message: string): Failure => new Failure("malformed-request", "reject", message);

const SHOWN_CHARACTERS_MAX = 80;

const shown = (text: string): string =>
  text.length <= SHOWN_CHARACTERS_MAX
    ? JSON.stringify(text)
    : `${JSON.stringify(text.slice(0, SHOWN_CHARACTERS_MAX))}...`;
