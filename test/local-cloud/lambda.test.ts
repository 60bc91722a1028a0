/**
 * Repairs of functions: what a caller, a log and the next call see of the one before.
 */
import { expect, test } from "vitest";
import { probeBoth } from "../support/python-probe.ts";
import { createFunction, invoke } from "../support/small-functions.ts";
import { useTwoClouds } from "../support/two-clouds.ts";

const clouds = useTwoClouds();

test("lambda_error_name: an error keeps its name and its stack", async () => {
  const code = `
    class PaymentDeclined extends Error { name = "PaymentDeclined"; }
    exports.handler = async () => { throw new PaymentDeclined("no money"); };`;

  const { unrepaired, repaired } = await clouds.both(async ({ lambda }) => {
    await createFunction(lambda, { name: "declining", code });
    return await invoke(lambda, "declining");
  });

  expect(unrepaired).toMatchObject({
    failed: true,
    answer: { errorType: "Runtime.HandlerError", errorMessage: "no money" },
  });
  expect(unrepaired.answer).not.toHaveProperty("trace");
  expect(repaired).toMatchObject({
    failed: true,
    answer: {
      errorType: "PaymentDeclined",
      errorMessage: "no money",
    },
  });
  const { trace } = repaired.answer as { readonly trace: readonly string[] };
  expect(trace[0]).toBe("PaymentDeclined: no money");
  expect(trace[1]).toMatch(/at .*index\.js:\d+/);
});

test("lambda_error_name: an error thrown before the first await keeps its name too", async () => {
  const code = `exports.handler = () => { throw new RangeError("at once"); };`;

  const { unrepaired, repaired } = await clouds.both(async ({ lambda }) => {
    await createFunction(lambda, { name: "throwing-at-once", code });
    return await invoke(lambda, "throwing-at-once");
  });

  expect(unrepaired.answer).toMatchObject({ errorType: "Runtime.HandlerError" });
  expect(repaired.answer).toMatchObject({ errorType: "RangeError", errorMessage: "at once" });
});

test("lambda_warm_after_error: what a module remembers survives a thrown error", async () => {
  const code = `
    let calls = 0;
    exports.handler = async (event) => {
      calls += 1;
      if (event.fail) throw new Error("on purpose");
      return calls;
    };`;

  const { unrepaired, repaired } = await clouds.both(async ({ lambda }) => {
    await createFunction(lambda, { name: "counting", code });
    await invoke(lambda, "counting");
    await invoke(lambda, "counting", { fail: true });
    return (await invoke(lambda, "counting")).answer;
  });

  expect(unrepaired).toBe(1);
  expect(repaired).toBe(3);
});

test("lambda_exit_error: a process that ends is told from an error that was thrown", async () => {
  const code = `exports.handler = async (event) => {
    if (event.crash) process.exit(7);
    return "alive";
  };`;

  const { unrepaired, repaired } = await clouds.both(async ({ lambda }) => {
    await createFunction(lambda, { name: "crashing", code });
    const crashed = await invoke(lambda, "crashing", { crash: true });
    return { crashed: crashed.answer, next: (await invoke(lambda, "crashing")).answer };
  });

  expect(unrepaired).toMatchObject({ crashed: { errorType: "Runtime.HandlerError" } });
  expect(repaired).toMatchObject({ crashed: { errorType: "Runtime.ExitError" }, next: "alive" });
});

test("lambda_environment: a function sees the variables that Lambda sets", async () => {
  const names = ["_HANDLER", "AWS_EXECUTION_ENV", "AWS_LAMBDA_LOG_GROUP_NAME", "TZ"];
  const code = `exports.handler = async () =>
    ${JSON.stringify(names)}.map((name) => process.env[name] ?? null);`;

  const { unrepaired, repaired } = await clouds.both(async ({ lambda }) => {
    await createFunction(lambda, { name: "looking", code });
    return (await invoke(lambda, "looking")).answer;
  });

  expect(unrepaired).toEqual([null, null, null, null]);
  expect(repaired).toEqual([
    "index.handler",
    "AWS_Lambda_nodejs24.x",
    "/aws/lambda/looking",
    ":UTC",
  ]);
});

test("lambda_node_options: stacks name the original file, logs are clean", async () => {
  // One mapping: line 1, column 1 of the bundle is line 42 of original.ts.
  const map = {
    version: 3,
    sources: ["original.ts"],
    names: [],
    mappings: "AAyCA",
  };
  const inlineMap = Buffer.from(JSON.stringify(map)).toString("base64");
  const code =
    `exports.handler = async () => { throw new Error("mapped"); };\n` +
    `//# sourceMappingURL=data:application/json;base64,${inlineMap}`;

  const { unrepaired, repaired } = await clouds.both(async ({ lambda }) => {
    await createFunction(lambda, { name: "mapped", code });
    return (await invoke(lambda, "mapped")).log;
  });

  expect(unrepaired).toContain("DEP0169");
  expect(unrepaired).not.toContain("original.ts");
  expect(repaired).not.toContain("DEP0169");
  expect(repaired).toContain("original.ts:42");
});

test("lambda_node_options: code without its own AWS SDK finds the real one", async () => {
  const code = `exports.handler = async () => {
    const { SQSServiceException } = require("@aws-sdk/client-sqs");
    return SQSServiceException.prototype instanceof Error;
  };`;

  const { unrepaired, repaired } = await clouds.both(async ({ lambda }) => {
    await createFunction(lambda, { name: "requiring", code });
    return (await invoke(lambda, "requiring")).answer;
  });

  expect(unrepaired).not.toBe(true);
  expect(repaired).toBe(true);
});

test("lambda_log_end: the log is read to its end without waiting for silence", async () => {
  const { unrepaired, repaired } = await probeBoth("log_wait", "lambda_log_end");

  expect(unrepaired).toMatchObject({ logWhenPrinted: "one\ntwo" });
  const { sleepsWhenSilent } = unrepaired as { readonly sleepsWhenSilent: number };
  expect(sleepsWhenSilent).toBeGreaterThan(1);
  expect(repaired).toEqual({
    sleepsWhenSilent: 0,
    result: "done",
    logWhenSilent: "",
    logWhenPrinted: "one\ntwo\nno line end",
  });
});

test("lambda_log_end: lines of a call that failed or crashed are in its own log", async () => {
  const { lambda } = clouds.repaired();
  const code = `exports.handler = (event) => {
    console.log("line of " + event.call);
    if (event.crash) process.exit(1);
    if (event.fail) throw new Error("on purpose");
    return Promise.resolve();
  };`;
  await createFunction(lambda, { name: "logging", code });

  const logs = [
    await invoke(lambda, "logging", { call: "first", fail: true }),
    await invoke(lambda, "logging", { call: "second", crash: true }),
    await invoke(lambda, "logging", { call: "third" }),
  ].map(({ log }) => [...log.matchAll(/line of (\w+)/g)].map((found) => found[1]));

  expect(logs).toEqual([["first"], ["second"], ["third"]]);
});

test("lambda_trace_sampling: the first call of a second and few others are traced", async () => {
  const { unrepaired, repaired } = await probeBoth("trace_sampling", "lambda_trace_sampling");

  const same = { firsts: [true, true, true], untraced: null };
  expect(unrepaired).toEqual({ ...same, others: 999 });
  const { others, ...rest } = repaired as { readonly others: number };
  expect(rest).toEqual(same);
  expect(others).toBeGreaterThan(20);
  expect(others).toBeLessThan(90);
});
