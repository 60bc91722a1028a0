/**
 * What the judge forgets of a stream that begins anew, also of what one write applied and went back
 * over: nobody sees that, so it has to be told from where the write came from and how far it got.
 */
import { expect, test } from "vitest";
import { neverWritten } from "#messaging/head/head-transitions";
import { type Publication, publications } from "./publication.ts";
import { forget } from "./rewinding.ts";
import { beginning, type StreamWrite } from "./truth.ts";

const stream = "s0";

const sent = (sequence: number, id: string, more: Partial<Publication> = {}): Publication => ({
  kind: "ordered",
  stream,
  group: stream,
  body: id,
  id,
  sequence,
  type: "counted",
  data: {},
  time: undefined,
  copies: 1,
  isAccepted: true,
  buried: 0,
  wasBuried: false,
  ...more,
});

/** Three messages are applied; a rival of the second is under way when a rewind comes. */
function afterRewind(rewoundFrom: number, closes?: number): readonly string[] {
  const all = publications();
  for (let sequence = 1; sequence <= rewoundFrom; sequence += 1) {
    all.add(sent(sequence, `s0#${sequence}`, { data: { closes: sequence === closes } }));
  }
  all.add(sent(2, "s0#2!", { kind: "rival" }));
  const truth = beginning({ stream, audit: "", keepsFirst: false, startedAfter: 0 });
  truth.head = { ...neverWritten(stream), last: 3 };
  truth.effects.push(
    ...[1, 2, 3].map((sequence) => ({ sequence, id: `s0#${sequence}`, value: sequence })),
  );

  forget({ truth, rewoundFrom, publications: all } as StreamWrite);
  return [...truth.forgotten].map(({ id }) => id);
}

test("a rival that came while its sequence's id was remembered has to be somewhere", () => {
  expect(afterRewind(17)).not.toContain("s0#2!");
  expect(afterRewind(3)).toEqual(["s0#1", "s0#2", "s0#3"]);
});

test("a rival that the same write outran by what a head remembers is forgotten with it", () => {
  expect(afterRewind(18)).toContain("s0#2!");
});

test("a rival that came behind the end of its stream is forgotten with it", () => {
  expect(afterRewind(5, 5)).toContain("s0#2!");
  expect(afterRewind(5, 3)).not.toContain("s0#2!");
});
