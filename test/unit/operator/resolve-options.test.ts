// An operator's decision is read whole and right, or refused in one line before anything is sent.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import {
  CONSUMER_USAGE,
  RESOLVE_USAGE,
  resolveOptions,
} from "../../../bin/operator/resolve-options.ts";
import { UsageError } from "../../../bin/operator/start-options.ts";
import { CONSUMERS } from "../../infra/consumers.ts";

const folder = mkdtempSync(join(tmpdir(), "inorder-resolve-"));
afterAll(() => rmSync(folder, { recursive: true }));

const reason = ["--reason", "said twice", "--author", "ada"];

test("the help names every consumer that there is", () => {
  const words = CONSUMER_USAGE.replace("--consumer NAME", "").match(/[a-z]+(-[a-z]+)*/g) ?? [];
  const named = words.filter((word) => word !== "default" && word !== "or");

  expect(named.toSorted()).toEqual([...CONSUMERS]);
  expect(RESOLVE_USAGE).toContain(CONSUMER_USAGE);
});

test("what is asked for is read", () => {
  const said = { author: "ada", reason: "said twice" };
  const base = { consumer: "fulfilment", account: undefined };

  expect(resolveOptions(["list"])).toEqual({ ...base, action: "list" });
  expect(resolveOptions(["show", "s1", "--consumer", "order-list"])).toEqual({
    consumer: "order-list",
    account: undefined,
    action: "show",
    stream: "s1",
  });
  expect(resolveOptions(["show", "s1", "--before", "9"])).toMatchObject({ before: 9 });
  expect(resolveOptions(["verify", "s1"])).toEqual({ ...base, action: "verify", stream: "s1" });
  expect(resolveOptions(["retry", "s1", ...reason])).toMatchObject({
    ...base,
    ...said,
    action: "retry",
    stream: "s1",
  });
  expect(resolveOptions(["skip", "s1", "--sequence", "4", ...reason])).toMatchObject({
    ...said,
    stream: "s1",
    sequence: 4,
  });
  expect(resolveOptions(["skip", "--all", ...reason])).toMatchObject({ stream: undefined });
});

test("a replacement's data come from the argument or from a file", () => {
  const file = join(folder, "data.json");
  writeFileSync(file, '{"a":2}');

  const replace = (data: string) => resolveOptions(["replace", "s1", "--data", data, ...reason]);

  expect(replace('{"a":1}')).toMatchObject({ action: "replace", data: { a: 1 }, stream: "s1" });
  expect(replace(`@${file}`)).toMatchObject({ data: { a: 2 } });
});

test("who decides is the login name unless it is said", () => {
  const options = resolveOptions(["retry", "s1", "--reason", "why"]);

  expect(options).toMatchObject({ author: userInfo().username });
});

test.each([
  [["frobnicate"], "Say list, show, verify, retry, skip or replace"],
  [[], "Say list, show, verify, retry, skip or replace"],
  [["show"], "name the stream"],
  [["show", "a", "b"], 'got "b" too'],
  [["retry", "s1"], "--reason TEXT is needed"],
  [["retry", "s1", "--reason", ""], "--reason TEXT is needed"],
  [["retry", ...reason], "Name one stream, or pass --all"],
  [["retry", "s1", "--all", ...reason], "Name one stream, or pass --all"],
  [["retry", "s1", "--reason", "x".repeat(501)], "1 to 500 characters, got 501"],
  [["retry", "s1", "--sequence", "1", ...reason], "--sequence has no meaning for retry"],
  [["skip", "--all", "--sequence", "1", ...reason], "--sequence has no meaning for skip"],
  [["skip", "s1", "--sequence", "0", ...reason], 'from 1 on, got "0"'],
  [["show", "s1", "--before", "x"], '--before must be a whole number from 1 on, got "x"'],
  [["verify", "s1", "--before", "3"], "--before has no meaning for verify"],
  [["list", "--all"], "--all has no meaning for list"],
  [["replace", "s1", ...reason], "replace needs --data"],
  [["replace", "s1", "--data", "[1]", ...reason], "must be a JSON object, got [1]"],
  [["replace", "s1", "--data", "{", ...reason], "--data is not JSON"],
  [["replace", "s1", "--data", "@nowhere.json", ...reason], "there is no file nowhere.json"],
  [["list", "--target", "azure"], "--target must be aws, aws:prod or be left out"],
  [["list", "--nonsense"], "nonsense"],
])("%j is refused: %s", (args, says) => {
  const parse = () => resolveOptions(args);

  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(says);
});
