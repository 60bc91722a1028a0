// Amounts become integers without being floats in between.
import { expect, test } from "vitest";
import { minorUnitsOf } from "#replay/decimal";

test.each([
  ["58.9", 5890],
  ["199", 19900],
  ["0.29", 29],
  ["1.10", 110],
  ["0", 0],
  ["0.07", 7],
  ["6735.00", 673_500],
  ["999999999.99", 99_999_999_999],
])("%s is %d", (text, expected) => {
  expect(minorUnitsOf(text)).toBe(expected);
});

test.each(["", " 1", "1.", ".5", "1.234", "-1", "+1", "1e3", "1,5", "0x10", "1234567890", "NaN"])(
  "%j is no amount",
  (text) => {
    expect(minorUnitsOf(text)).toBeUndefined();
  },
);
