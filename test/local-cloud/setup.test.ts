/**
 * The set-up that every npm script begins with: it does what is missing, once, survives Ctrl-C
 * anywhere, and says in one line what it cannot do.
 */
import { expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { endOf, openCheckout } from "../support/setup-checkout.ts";

/** A script that never needs Python. */
const check = "bin/check.ts";

const showsItself = `console.log(JSON.stringify({
  args: process.argv.slice(2),
  bin: process.env.PATH.split(":")[0],
}));`;

test("a first run installs the packages and runs the script; a second says nothing", async () => {
  const checkout = openCheckout();
  checkout.write(check, showsItself);

  const first = await checkout.run([check, "--orders", "3"]);
  const second = await checkout.run([check]);

  expect(first.exitCode).toBe(0);
  expect(first.stderr).toMatch(/^set-up: installing the packages \.\.\. \d+\.\d s\n$/);
  const bin = `${checkout.folder}/node_modules/.bin`;
  expect(JSON.parse(first.stdout)).toEqual({ args: ["--orders", "3"], bin });
  expect(second).toMatchObject({ exitCode: 0, stderr: "" });
  expect(checkout.lines("npm-calls")).toEqual([expect.stringMatching(/^ci --ignore-scripts /)]);
});

test("another lock file is installed again", async () => {
  const checkout = openCheckout();
  checkout.write(check, showsItself);

  await checkout.run([check]);
  checkout.write("package-lock.json", `{ "changed": true }`);
  await checkout.run([check]);

  expect(checkout.lines("npm-calls")).toHaveLength(2);
});

test("a failed installation shows its cause, runs nothing, and is done again", async () => {
  const checkout = openCheckout();
  checkout.write(check, showsItself);
  checkout.write("fail", "");

  const failed = await checkout.run([check]);
  checkout.remove("fail");
  const repeated = await checkout.run([check]);

  expect(failed).toMatchObject({ exitCode: 1, stdout: "" });
  expect(failed.stderr).toContain("npm says why");
  expect(repeated.exitCode).toBe(0);
  expect(checkout.lines("npm-calls")).toHaveLength(2);
});

test("Ctrl-C during the installation leaves nothing that counts as done", async () => {
  const checkout = openCheckout();
  checkout.write(check, showsItself);
  checkout.write("hang", "");

  const child = checkout.start([check]);
  const ended = endOf(child);
  await eventually(() => checkout.exists("node_modules/.bin/node"));
  child.kill("SIGINT");
  const interrupted = await ended;
  checkout.remove("hang");
  const repeated = await checkout.run([check]);

  expect(interrupted).toMatchObject({ exitCode: 130, stdout: "" });
  expect(repeated.exitCode).toBe(0);
  expect(checkout.lines("npm-calls")).toHaveLength(2);
});

test("a set-up that was killed does not keep the next one out", async () => {
  const checkout = openCheckout();
  checkout.write(check, showsItself);
  checkout.write("hang", "");

  const child = checkout.start([check]);
  const ended = endOf(child);
  await eventually(() => checkout.exists(".local-cloud/setup.lock"));
  child.kill("SIGKILL");
  await ended;
  checkout.remove("hang");
  const repeated = await checkout.run([check]);

  expect(checkout.exists(".local-cloud/setup.lock")).toBe(false);
  expect(repeated.exitCode).toBe(0);
});

test("two set-ups at once install once", async () => {
  const checkout = openCheckout();
  checkout.write(check, showsItself);

  const both = await Promise.all([checkout.run([check]), checkout.run([check])]);

  expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(checkout.lines("npm-calls")).toHaveLength(1);
});

test("a set-up that lasts too long is named to the one that waits for it", async () => {
  const checkout = openCheckout();
  checkout.write(".local-cloud/setup.lock", String(process.pid));

  const waited = await checkout.run([check], { INORDER_SETUP_WAIT_SECONDS: "0" });

  expect(waited.exitCode).toBe(1);
  expect(waited.stderr).toMatch(
    new RegExp(`^set-up: process ${process.pid} has been setting up this checkout for 0 s; .*\n$`),
  );
});

test("the script's exit code is passed on", async () => {
  const checkout = openCheckout();
  checkout.write(check, "process.exitCode = 7;");

  expect((await checkout.run([check])).exitCode).toBe(7);
});

test.for(["SIGINT", "SIGTERM"] as const)(
  "the script gets %s and the time to clean up",
  async (signal) => {
    const checkout = openCheckout();
    checkout.write(
      check,
      `process.on("${signal}", () => { console.log("cleaned up"); process.exit(3); });
       setInterval(() => {}, 1000);
       require("node:fs").writeFileSync("running", "");`,
    );

    const child = checkout.start([check]);
    const ended = endOf(child);
    await eventually(() => checkout.exists("running"));
    child.kill(signal);

    expect(await ended).toMatchObject({ exitCode: 3, stdout: "cleaned up\n" });
  },
);

test("a Node.js of the packages that does not run here is passed over", async () => {
  const checkout = openCheckout();
  checkout.write(check, `console.log(process.version);`);
  await checkout.run([check]);
  checkout.remove("node_modules/.bin/node");
  checkout.write("node_modules/.bin/node", "not a program");

  const run = await checkout.run([check]);

  expect(run).toMatchObject({ exitCode: 0, stdout: `${process.version}\n` });
});

test("the local cloud is installed for a script that needs it, once", async () => {
  const checkout = openCheckout();
  checkout.write("bin/start.ts", showsItself);
  // What an interrupted set-up left.
  checkout.write(".local-cloud/venv/half-made", "");

  const first = await checkout.run(["bin/start.ts"]);
  const second = await checkout.run(["bin/start.ts"]);

  expect(first.exitCode).toBe(0);
  expect(first.stderr.trimEnd().split("\n")).toEqual([
    expect.stringContaining("installing the packages"),
    expect.stringContaining("making the local cloud's Python environment"),
    expect.stringContaining("installing the local cloud"),
  ]);
  expect(second).toMatchObject({ exitCode: 0, stderr: "" });
  expect(checkout.lines("python-calls")).toEqual([
    "venv",
    expect.stringMatching(/^-m pip install --require-hashes --no-deps .*requirements\.txt$/),
  ]);
  expect(checkout.exists(".local-cloud/venv/half-made")).toBe(false);
});

test("other requirements are installed again, into a new environment", async () => {
  const checkout = openCheckout();
  checkout.write("bin/start.ts", showsItself);

  await checkout.run(["bin/start.ts"]);
  checkout.write("local-cloud/requirements.txt", "ministack==2\n");
  await checkout.run(["bin/start.ts"]);

  expect(checkout.lines("python-calls").filter((call) => call === "venv")).toHaveLength(2);
});

test("an endpoint in the environment makes Python needless, except for the tests", async () => {
  const checkout = openCheckout();
  checkout.write("bin/start.ts", showsItself);
  checkout.write("bin/test.ts", showsItself);
  const environment = { AWS_ENDPOINT_URL: "http://127.0.0.1:4566" };

  await checkout.run(["bin/start.ts"], environment);
  const callsForStart = checkout.lines("python-calls").length;
  await checkout.run(["bin/test.ts"], environment);

  expect(callsForStart).toBe(0);
  expect(checkout.lines("python-calls")).toHaveLength(2);
});

test.for([
  ["an old Python", "version", "3 9\n", /needs Python 3\.10 or newer, found python3 3\.9/],
  ["no venv module", "no-venv", "", /ensurepip is not available\n.*install .*python3-venv/],
] as const)("%s is answered with what to install", async ([, file, text, complaint]) => {
  const checkout = openCheckout();
  checkout.write("bin/start.ts", showsItself);
  checkout.write(file, text);
  // Only the stand-in is to be found.
  const environment = { PATH: `${checkout.folder}/tools:${checkout.folder}/none` };
  for (const tool of ["cat", "mkdir", "cp"]) {
    checkout.link(`tools/${tool}`, `/bin/${tool}`);
  }

  const run = await checkout.run(["bin/start.ts"], environment);

  expect(run).toMatchObject({ exitCode: 1, stdout: "" });
  expect(run.stderr).toMatch(complaint);
});

test("a missing script name is one line", async () => {
  const run = await openCheckout().run([]);

  expect(run).toMatchObject({
    exitCode: 1,
    stderr: "set-up: name the script to run: node bin/setup.mjs <script> [arguments]\n",
  });
});
