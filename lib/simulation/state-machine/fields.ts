/**
 * The fields of one object of a state machine's definition, read with errors that say where.
 */
import { isJsonObject, type Json, type JsonObject } from "#kernel/json";
import { STATES_ERRORS } from "./errors.ts";
import { misread } from "./expressions.ts";

/** All methods throw `Failure` `misconfigured` (reject). */
export class Fields {
  /** As errors name it. */
  readonly name: string;
  readonly #content: JsonObject;

  constructor(name: string, content: JsonObject) {
    this.name = name;
    this.#content = content;
  }

  /** Refuses every other field. */
  allow(names: readonly string[]): void {
    const other = Object.keys(this.#content).find((name) => !names.includes(name));
    if (other !== undefined) throw misread(`${this.name}.${other}`, "this field is not known here");
  }

  value(field: string): Json | undefined {
    return this.#content[field];
  }

  /** What `read` makes of the field; nothing where it is absent. */
  optional<Read extends object>(
    field: string,
    read: (value: Json, where: string) => Read,
  ): Read | Record<never, never> {
    const value = this.#content[field];
    return value === undefined ? {} : read(value, `${this.name}.${field}`);
  }

  text(field: string): string {
    const value = this.#content[field];
    if (typeof value === "string") return value;
    throw misread(`${this.name}.${field}`, `it is a text; received ${JSON.stringify(value)}`);
  }

  object(field: string): JsonObject {
    const value = this.#content[field];
    if (isJsonObject(value)) return value;
    throw misread(`${this.name}.${field}`, `it is an object; received ${JSON.stringify(value)}`);
  }

  /** Absent: undefined. */
  number(field: string, min: number, max: number): number | undefined {
    const value = this.#content[field];
    if (value === undefined) return undefined;
    if (typeof value === "number" && min <= value && value <= max) return value;
    const rule = `it is a number from ${min} to ${max}`;
    throw misread(`${this.name}.${field}`, `${rule}; received ${JSON.stringify(value)}`);
  }

  whole(field: string, min: number, max: number): number | undefined {
    const value = this.number(field, min, max);
    if (value === undefined || Number.isInteger(value)) return value;
    throw misread(`${this.name}.${field}`, `it is a whole number; received ${value}`);
  }

  /** Absent: none. */
  list(field: string): readonly Fields[] {
    const value = this.#content[field] ?? [];
    if (!Array.isArray(value)) throw misread(`${this.name}.${field}`, "it is a list");
    return (value as readonly Json[]).map((each, index) => {
      const name = `${this.name}.${field}[${index}]`;
      if (!isJsonObject(each)) throw misread(name, "it is an object");
      return new Fields(name, each);
    });
  }

  /** `States.ALL` stands alone, and in the last one only. */
  errorNames(isLast: boolean): readonly string[] {
    const where = `${this.name}.ErrorEquals`;
    const names = this.#content["ErrorEquals"];
    if (!Array.isArray(names) || names.length === 0) throw misread(where, "it names an error");
    if (!names.every((name) => typeof name === "string")) throw misread(where, "names are texts");
    if (names.includes(STATES_ERRORS.all) && (names.length > 1 || !isLast)) {
      throw misread(where, `${STATES_ERRORS.all} stands alone, in the last one`);
    }
    return names;
  }
}
