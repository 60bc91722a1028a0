/**
 * Reads comma-separated text (RFC 4180) record by record, so that a file of any length needs the
 * memory of one record.
 */
import { Failure } from "#kernel/failure";

export type CsvRecord = {
  /** Where the record begins, counted from 1. */
  readonly line: number;
  readonly fields: readonly string[];
};

/** No real field or row comes near these; what does is not a table. */
const FIELD_CHARACTERS_MAX = 10_000;
const FIELDS_MAX = 1_000;

/**
 * Quoted fields may hold commas, line breaks and doubled quotes; lines end in LF or CRLF; empty
 * lines are skipped. Throws `Failure` `malformed-request` (reject), naming the file and the line.
 */
export async function* csvRecords(
  text: AsyncIterable<string>,
  file: string,
): AsyncGenerator<CsvRecord> {
  const reader = new RecordReader(file);
  for await (const chunk of text) yield* reader.read(chunk);
  yield* reader.end();
}

/** What the last character was part of. */
type Place = "field-start" | "plain" | "quoted" | "quote-in-quoted" | "carriage-return";

class RecordReader {
  readonly #file: string;
  #place: Place = "field-start";
  #line = 1;
  #recordLine = 1;
  #field = "";
  #fields: string[] = [];
  #wasQuoted = false;

  constructor(file: string) {
    this.#file = file;
  }

  *read(chunk: string): Generator<CsvRecord> {
    for (const character of chunk) {
      const record = this.#take(character);
      if (record !== undefined) yield record;
    }
  }

  *end(): Generator<CsvRecord> {
    if (this.#place === "quoted") {
      throw this.#wrong("a quoted field is never closed: add the missing quote", this.#recordLine);
    }
    if (this.#place === "carriage-return") throw this.#strayReturn();
    const last = this.#endRecord();
    if (last !== undefined) yield last;
  }

  #take(character: string): CsvRecord | undefined {
    switch (this.#place) {
      case "quoted":
        if (character === '"') this.#place = "quote-in-quoted";
        else this.#append(character);
        return undefined;
      case "quote-in-quoted":
        if (character === '"') {
          this.#place = "quoted";
          this.#append(character);
          return undefined;
        }
        return this.#afterField(character);
      case "carriage-return":
        if (character === "\n") return this.#endRecord();
        throw this.#strayReturn();
      case "field-start":
        if (character === '"') {
          this.#place = "quoted";
          this.#wasQuoted = true;
          return undefined;
        }
        return this.#afterField(character);
      case "plain":
        return this.#afterField(character);
      default:
        return this.#place satisfies never;
    }
  }

  /** Outside of quotes: the field goes on, or it or the record ends here. */
  #afterField(character: string): CsvRecord | undefined {
    switch (character) {
      case ",":
        this.#endField();
        return undefined;
      case "\r":
        this.#place = "carriage-return";
        return undefined;
      case "\n":
        return this.#endRecord();
      default:
        if (this.#wasQuoted) throw this.#wrong("there is text after a closing quote: remove it");
        if (character === '"') {
          throw this.#wrong("a quote stands inside an unquoted field: quote the whole field");
        }
        this.#place = "plain";
        this.#append(character);
        return undefined;
    }
  }

  #append(character: string): void {
    if (this.#field.length >= FIELD_CHARACTERS_MAX) {
      throw this.#wrong(`a field has more than ${FIELD_CHARACTERS_MAX} characters`);
    }
    this.#field += character;
    if (character === "\n") this.#line += 1;
  }

  #endField(): void {
    if (this.#fields.length >= FIELDS_MAX) throw this.#wrong(`more than ${FIELDS_MAX} fields`);
    this.#fields.push(this.#field);
    this.#field = "";
    this.#wasQuoted = false;
    this.#place = "field-start";
  }

  #endRecord(): CsvRecord | undefined {
    const isEmptyLine = this.#fields.length === 0 && this.#field === "" && !this.#wasQuoted;
    this.#endField();
    const record = { line: this.#recordLine, fields: this.#fields };
    this.#fields = [];
    this.#line += 1;
    this.#recordLine = this.#line;
    return isEmptyLine ? undefined : record;
  }

  #strayReturn(): Failure {
    return this.#wrong("a carriage return is not followed by a line feed: end lines in LF or CRLF");
  }

  #wrong(what: string, line: number = this.#line): Failure {
    return new Failure("malformed-request", "reject", `${this.#file}, line ${line}: ${what}`);
  }
}
