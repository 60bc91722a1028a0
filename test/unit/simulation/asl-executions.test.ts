import { expect, test } from "vitest";
import { seededRng } from "#kernel/rng";
import { scheduler } from "#simulation/scheduler";
import { executions } from "#simulation/state-machine/executions";
import { failed, machine, MIDNIGHT, succeeded, task } from "../../support/state-machine-run.ts";

function world() {
  const time = scheduler(MIDNIGHT, 1_000);
  const ended: string[] = [];
  const started: string[] = [];
  const all = executions({
    machine: machine({ Work: task() }),
    time,
    rng: seededRng(1),
    invoke: ({ execution }, end) => {
      started.push(execution);
      time.after(100, () => end(execution === "bad" ? failed("Odd") : succeeded({})));
    },
    onEnd: (name, { status }) => ended.push(`${name} ${status}`),
  });
  return { all, ended, started, drain: () => time.run(() => false) };
}

test("a running name with the same input is started once, and is answered alike", async () => {
  const { all, started, drain } = world();

  const answers = [all.start("one", { a: 1 }), all.start("one", { a: 1 })];
  await drain();

  expect(answers).toEqual(["started", "started"]);
  expect(started).toEqual(["one"]);
});

test("a running name with another input exists", () => {
  const { all } = world();

  expect([all.start("one", { a: 1 }), all.start("one", { a: 2 })]).toEqual(["started", "exists"]);
});

test("an ended name exists, until it is forgotten", async () => {
  const { all, started, ended, drain } = world();
  all.start("one", {});
  await drain();

  const again = all.start("one", {});
  all.forget("one");
  const later = all.start("one", {});
  await drain();

  expect([again, later]).toEqual(["exists", "started"]);
  expect(started).toEqual(["one", "one"]);
  expect(ended).toEqual(["one SUCCEEDED", "one SUCCEEDED"]);
});

test("a running one is not forgotten", () => {
  const { all } = world();
  all.start("one", {});

  all.forget("one");

  expect(all.status("one")).toBe("RUNNING");
});

test("each is known by its status", async () => {
  const { all, drain } = world();
  all.start("good", {});
  all.start("bad", {});
  const before = all.status("good");
  await drain();

  expect([before, all.status("good"), all.status("bad"), all.status("none")]).toEqual([
    "RUNNING",
    "SUCCEEDED",
    "FAILED",
    undefined,
  ]);
  expect(all.names()).toEqual(["good", "bad"]);
});
