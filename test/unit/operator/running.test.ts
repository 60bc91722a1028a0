// A command finds the main job that runs, never one that has ended.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { locate } from "../../../bin/operator/attach.ts";
import { announce, findRunning } from "../../../bin/operator/running.ts";
import { UsageError } from "../../../bin/operator/start-options.ts";

const folder = mkdtempSync(join(tmpdir(), "inorder-running-"));
afterAll(() => rmSync(folder, { recursive: true }));

let notes = 0;
const newNote = (): string => join(folder, `state-${(notes += 1)}`, "running.json");

test("what is announced is found until it is taken back", () => {
  const note = newNote();

  const withdraw = announce("http://127.0.0.1:1234", note);
  const found = findRunning(note);
  withdraw();

  expect(found).toEqual({ pid: process.pid, endpoint: "http://127.0.0.1:1234" });
  expect(findRunning(note)).toBeUndefined();
});

test("the note of a process that was killed counts for nothing, nor does half a note", () => {
  const [dead, half] = [newNote(), newNote()];
  announce("http://127.0.0.1:1", dead);
  announce("http://127.0.0.1:1", half);
  // No process has this id: Linux and Windows stop far below.
  writeFileSync(dead, JSON.stringify({ pid: 2 ** 30, endpoint: "http://127.0.0.1:1" }));
  writeFileSync(half, '{"pid":');

  expect(findRunning(dead)).toBeUndefined();
  expect(findRunning(half)).toBeUndefined();
});

test("the note of a main job that was started since is left alone", () => {
  const note = newNote();
  const withdraw = announce("http://127.0.0.1:1", note);
  const newer = { pid: process.ppid, endpoint: "http://127.0.0.1:2" };
  writeFileSync(note, JSON.stringify(newer));

  withdraw();

  expect(findRunning(note)).toEqual(newer);
});

const running = { pid: 1, endpoint: "http://127.0.0.1:4000" };

test("the environment's endpoint comes before the running job, AWS only when asked for", () => {
  const named = locate(undefined, { AWS_ENDPOINT_URL: "http://localhost:4566" }, running);
  const found = locate(undefined, {}, running);
  const aws = locate("prod", { AWS_REGION: "eu-west-1" }, running);

  expect(named.target.environment["AWS_ENDPOINT_URL"]).toBe("http://localhost:4566");
  expect(found.target.environment["AWS_ENDPOINT_URL"]).toBe("http://127.0.0.1:4000");
  expect(aws.target).toMatchObject({ target: "aws", environment: { AWS_REGION: "eu-west-1" } });
  expect(aws.name).toContain("stage prod of the AWS account");
});

test("with nothing to work on it says what to do", () => {
  const locating = () => locate(undefined, {}, undefined);

  expect(locating).toThrow(UsageError);
  expect(locating).toThrow(/start `npm start` in another terminal, set AWS_ENDPOINT_URL, or/);
});
