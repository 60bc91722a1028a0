// Which stage of an account an operator's command works on.
import { expect, test } from "vitest";
import { accountStage, targetUsage } from "../../../bin/operator/account-stage.ts";
import { UsageError } from "../../../bin/operator/start-options.ts";

test.each([
  [undefined, undefined],
  ["aws", "dev"],
  ["aws:prod", "prod"],
])("--target %s is the stage %s", (text, stage) => {
  expect(accountStage(text)).toBe(stage);
});

test.each(["", "prod", "aws:", "aws:local", "AWS", "constructor"])(
  "--target %j is refused: no account is reached by mistake",
  (text) => {
    expect(() => accountStage(text)).toThrow(UsageError);
    expect(() => accountStage(text)).toThrow("--target must be aws, aws:prod or be left out");
  },
);

test("its help stands in the column of the command's other options", () => {
  const lines = targetUsage(20).split("\n");

  expect(lines.map((line) => line.slice(0, 20))).toEqual(["  --target aws      ", " ".repeat(20)]);
  expect(lines.every((line) => line.length <= 100 && line[20] !== " ")).toBe(true);
});
