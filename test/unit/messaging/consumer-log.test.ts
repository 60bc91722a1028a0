// Whatever is delivered twice, too early, by a second sender, in batches of any size, to sandboxes
// that die at any request: the end is what the log and the decisions say, applied in order.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Course, type End, ENDINGS, LogDelivery } from "../../support/log-delivery.ts";

const LENGTH = 6;
const sequence = fc.integer({ min: 1, max: LENGTH });

const courses: fc.Arbitrary<Course> = fc.record({
  endings: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant("applied" as const) },
      { weight: 1, arbitrary: fc.constantFrom(...ENDINGS) },
    ),
    { minLength: LENGTH, maxLength: LENGTH },
  ),
  failures: fc.array(fc.constantFrom(0, 0, 0, 1, 2), { minLength: LENGTH, maxLength: LENGTH }),
  rivals: fc.uniqueArray(sequence, { maxLength: 2 }),
  copies: fc.array(sequence, { maxLength: 6 }),
  places: fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
  sizes: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 12 }),
  deaths: fc
    .array(
      fc.option(
        fc.record({
          atCall: fc.integer({ min: 1, max: 9 }),
          effect: fc.constantFrom("none" as const, "taken" as const),
        }),
      ),
      { maxLength: 12 },
    )
    .map((deaths) => deaths.map((death) => death ?? undefined)),
  writesMax: fc.constantFrom(1, 2, 99),
  parkedBytesMax: fc.constantFrom(0, 300, 16_384),
});

/** The log in order, each message as it ends: the rule that the consumer is measured by. */
function expectedEnd({ endings }: Course): End {
  const applied: (readonly [number, string, number | string])[] = [];
  for (const [index, ending] of endings.entries()) {
    const at = index + 1;
    if (ending === "halts") {
      const parked = endings.slice(index).map((_, more) => at + more);
      return { applied, last: index, status: "halted", parked };
    }
    if (ending === "skipped") continue;
    applied.push([at, `a#${at}`, ending === "replaced" ? "other" : at]);
  }
  return { applied, last: endings.length, status: "running", parked: [] };
}

/** Behind the message that nobody decides about there is nothing to decide. */
function expectedDecisions({ endings }: Course): readonly string[] {
  const end = endings.indexOf("halts");
  return endings.slice(0, end < 0 ? endings.length : end).flatMap((ending, index) => {
    const first = `${index + 1}-0: taken`;
    if (ending === "applied") return [];
    return ending === "retried" ? [first, `${index + 1}-1: taken`] : [first];
  });
}

const ascending = (one: number, other: number): number => one - other;

test("the end is what the log and the decisions say", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(courses, async (course) => {
      const delivery = new LogDelivery(course);

      await delivery.toRest();

      expect(await delivery.end()).toEqual(expectedEnd(course));
      const { decisions, rivals, conflicts, buried, proof } = await delivery.record();
      expect(decisions).toEqual(expectedDecisions(course));
      expect(rivals.toSorted(ascending)).toEqual(course.rivals.toSorted(ascending));
      expect(buried).toEqual(conflicts);
      expect(proof).toBe("verified");
    }),
    { numRuns: 200 },
  );
});
