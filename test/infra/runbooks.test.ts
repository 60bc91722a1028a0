/**
 * Whoever is called by an alarm finds its runbook, and no runbook is for an alarm that is gone.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SERVICES } from "#contracts/metrics";
import { templatesOf, text } from "./templates.ts";

const document = readFileSync(join(import.meta.dirname, "../../docs/runbooks.md"), "utf8");
const headings = [...document.matchAll(/^### `(.+)`$/gm)].map(([, heading = ""]) => heading);
const consumers = [
  SERVICES.fulfilment,
  SERVICES.orderList,
  SERVICES.productSearch,
  SERVICES.recommendations,
  SERVICES.sagaStart,
];

describe("the runbooks", () => {
  test("there is one for each alarm, and none beside", () => {
    const alarms = templatesOf("prod")
      .ofType("AWS::CloudWatch::Alarm")
      .filter(({ stack }) => stack.endsWith("-operations"))
      .map(({ properties }) => text(properties["AlarmName"]).replace("inorder-prod-", ""));

    expect(new Set(headings)).toEqual(new Set(alarms.map(generalised)));
    expect(headings).toHaveLength(new Set(headings).size);
  });

  test.each(headings)("that of %s says something", (heading) => {
    const [, after = ""] = document.split(`### \`${heading}\`\n`);
    expect(after.split("\n#")[0]?.trim().length).toBeGreaterThan(40);
  });
});

/** The consumers' alarms are alike, so they share a runbook. */
function generalised(alarm: string): string {
  const consumer = consumers.find((service) => alarm.startsWith(`${service}-`));
  return consumer === undefined ? alarm : alarm.replace(consumer, "<consumer>");
}
