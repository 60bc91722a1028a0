/**
 * A folder in which functions leave notes for each other and for the test: how a test sees which
 * of them ran at the same time, or first, without looking at a clock.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, type TestContext } from "vitest";

/** How long a function waits for another's note before it goes on without. */
const patienceMs = 4_000;

export type MeetingPlace = {
  readonly folder: string;
  notes(): readonly string[];
};

/**
 * Removed when the test ends.
 *
 * @param context of a test that runs beside others, which vitest cannot tell apart by itself
 */
export function openMeetingPlace(
  context: Pick<TestContext, "onTestFinished"> = { onTestFinished },
): MeetingPlace {
  const folder = mkdtempSync(join(tmpdir(), "inorder-meeting-"));
  context.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, notes: () => readdirSync(folder).toSorted() };
}

/**
 * JavaScript that a function's code begins with: `leave(note)`, and `await meet(note)`, which is
 * true as soon as the note is there and false when nobody left it in time. They need
 * MEETING_PLACE in the function's environment.
 */
export const meetingCode = `
  const fs = require("node:fs");
  const path = require("node:path");
  const place = (note) => path.join(process.env.MEETING_PLACE, note);
  const leave = (note) => fs.writeFileSync(place(note), "");
  async function meet(note) {
    const deadline = Date.now() + ${patienceMs};
    while (!fs.existsSync(place(note))) {
      if (Date.now() > deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return true;
  }
`;
