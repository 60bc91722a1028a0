// Pointers of RFC 6901 to whatever is wrong, and an end to how much is said.
import { expect, test } from "vitest";
import { z } from "zod";
import { Failure } from "#kernel/failure";
import { validated } from "#runtime/validation";

const schema = z.strictObject({
  name: z.string(),
  lines: z.array(z.strictObject({ quantity: z.int().min(1) })),
});

test("what is right is answered as the schema reads it", () => {
  const trimmed = z.strictObject({ name: z.string().trim() });

  expect(validated(trimmed, { name: " a " }, "The body")).toEqual({ name: "a" });
});

test("every wrong place has its pointer, unknown fields included", () => {
  const value = { name: 1, lines: [{ quantity: 0 }, { quantity: 1, "a/b~": 1 }], more: true };

  expect(failureOf(value)).toMatchObject({
    code: "invalid-request",
    action: "reject",
  });
  expect(failureOf(value).message).toMatch(
    /^The body is not as documented: at \/name: .+ \(and 3 more\)/,
  );
  expect(
    failureOf(value)
      .details.map(({ pointer }) => pointer)
      .sort(),
  ).toEqual(["/lines/0/quantity", "/lines/1/a~1b~0", "/more", "/name"]);
});

test("a value that is wrong as a whole has the pointer of the whole", () => {
  expect(failureOf("text").details).toMatchObject([{ pointer: "" }]);
  expect(failureOf("text").message).toMatch(/as a whole/);
});

test("a hundred faults are not listed one by one", () => {
  const fields = Array.from({ length: 100 }, (_, index) => [`unknown-${index}`, 1]);

  expect(failureOf({ name: "a", lines: [], ...Object.fromEntries(fields) }).details).toHaveLength(
    20,
  );
});

test("a field's name is not echoed at any length", () => {
  const { details } = failureOf({ name: "a", lines: [], ["x".repeat(10_000)]: 1 });

  expect(details[0]?.pointer).toHaveLength(200);
});

function failureOf(value: unknown): Failure {
  try {
    validated(schema, value, "The body");
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error("it was accepted");
}
