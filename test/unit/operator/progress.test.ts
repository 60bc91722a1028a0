// The bar on a terminal, lines elsewhere, and the time of each phase.
import { expect, test } from "vitest";
import { phasesOn } from "../../../bin/operator/progress.ts";

function screen(isTTY: boolean) {
  let now = 0;
  let text = "";
  const output = { isTTY, columns: 60, write: (more: string) => (text += more) };
  const phases = phasesOn(output, () => now);
  return { phases, pass: (ms: number) => (now += ms), text: () => text };
}

test("the phases follow each other and each has its seconds", () => {
  const { phases, pass } = screen(false);

  phases.begin("deploy");
  pass(2_500);
  phases.begin("replay");
  pass(1_250);
  phases.end();

  expect(phases.ended).toEqual([
    { name: "deploy", seconds: 2.5 },
    { name: "replay", seconds: 1.25 },
  ]);
});

test("elsewhere than on a terminal there are whole lines and no control characters", () => {
  const { phases, pass, text } = screen(false);

  phases.begin("deploy")(0.5);
  pass(2_500);
  phases.end();

  expect(text()).toBe("deploy: done in 2.5 s\n");
});

test("on a terminal the bar is drawn in place, never wider than the terminal", () => {
  const { phases, pass, text } = screen(true);

  phases.begin("a phase with a name that is much too long for one line of sixty columns");
  pass(2_500);
  phases.end();

  const drawn = text().split("\r\x1b[K");
  expect(drawn).toHaveLength(3);
  expect(drawn[1]?.length).toBeLessThan(60);
  expect(drawn[2]).toContain("done in 2.5 s\n");
});

test("a phase that took no time gets no line, but is in the list", () => {
  const { phases, text } = screen(false);

  phases.begin("nothing");
  phases.end();

  expect(text()).toBe("");
  expect(phases.ended).toHaveLength(1);
});
