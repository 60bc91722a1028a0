// RFC 4180 as real files use and abuse it.
import { expect, test } from "vitest";
import { type CsvRecord, csvRecords } from "#replay/csv";

async function* pieces(...texts: readonly string[]) {
  yield* texts;
}

const recordsOf = async (...texts: readonly string[]): Promise<readonly CsvRecord[]> => {
  const records: CsvRecord[] = [];
  for await (const record of csvRecords(pieces(...texts), "file.csv")) records.push(record);
  return records;
};

const read = async (...texts: readonly string[]) =>
  (await recordsOf(...texts)).map(({ fields }) => fields);

test("fields, records and both line ends are told apart, the last one may be missing", async () => {
  expect(await read("a,b\r\n1,2\n3,")).toEqual([
    ["a", "b"],
    ["1", "2"],
    ["3", ""],
  ]);
  expect(await read("a,b\n")).toEqual([["a", "b"]]);
});

test("quoted fields hold commas, doubled quotes and line breaks", async () => {
  expect(await read('"a,b","say ""hi""","two\nlines",""\n')).toEqual([
    ["a,b", 'say "hi"', "two\nlines", ""],
  ]);
});

test("where the text is cut into pieces does not matter", async () => {
  const text = '"a ""b"" c",d\r\n"e\r\nf",g\r\n';

  const whole = await read(text);

  expect(await read(...text.split(""))).toEqual(whole);
  expect(whole).toEqual([
    ['a "b" c', "d"],
    ["e\r\nf", "g"],
  ]);
});

test("empty lines are skipped, and a line's number is where its record begins", async () => {
  const records = await recordsOf('a\n\n"b\nc"\nd\n');

  expect(records).toEqual([
    { line: 1, fields: ["a"] },
    { line: 3, fields: ["b\nc"] },
    { line: 5, fields: ["d"] },
  ]);
});

test.each([
  { text: 'a\n"b', says: "file.csv, line 2: a quoted field is never closed" },
  { text: 'a\n"b"c\n', says: "file.csv, line 2: there is text after a closing quote" },
  { text: 'a\nb"c\n', says: "file.csv, line 2: a quote stands inside an unquoted field" },
  { text: "a\rb\n", says: "file.csv, line 1: a carriage return is not followed" },
  { text: "a\r", says: "file.csv, line 1: a carriage return is not followed" },
  { text: "x".repeat(10_001), says: "more than 10000 characters" },
  { text: ",".repeat(1_001), says: "more than 1000 fields" },
])("$says is said of what is no table", async ({ text, says }) => {
  await expect(read(text)).rejects.toThrow(says);
});
