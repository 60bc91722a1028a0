// Instants cross every boundary as text; what is not an instant must never become a number.
import {
  type EpochMs,
  isoInstant,
  later,
  milliseconds,
  parseInstant,
  seconds,
} from "#kernel/units";
import { expect, test } from "vitest";

const noon = 1_700_049_600_000 as EpochMs;

test("an instant survives being written and read", () => {
  expect(parseInstant(isoInstant(noon))).toBe(noon);
});

test("an offset is taken into account", () => {
  expect(parseInstant("2023-11-15T13:00:00+01:00")).toBe(noon);
  expect(parseInstant("2023-11-15T12:00Z")).toBe(noon);
});

test.each([
  "",
  "2023-11-15",
  "2023-13-15T12:00:00Z",
  "yesterday",
  "2023-11-15T12:00:00",
  "1700049600000",
])("%j is no instant", (text) => {
  expect(parseInstant(text)).toBeUndefined();
});

test("a duration is added in its own unit", () => {
  expect(later(noon, seconds(2))).toBe(noon + 2000);
  expect(later(noon, milliseconds(2))).toBe(noon + 2);
});
