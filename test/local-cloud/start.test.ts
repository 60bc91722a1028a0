/**
 * Starting and stopping a local cloud: which port, what it sees of the machine, and that nothing
 * of it stays behind.
 */
import { execFile, spawn } from "node:child_process";
import { closeSync, existsSync, readdirSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { openLogFile } from "../../local-cloud/log-file.ts";
import { pythonFile } from "../../local-cloud/places.ts";
import {
  type LocalCloud,
  type LocalCloudOptions,
  startLocalCloud,
} from "../../local-cloud/start.ts";
import { eventually } from "../support/eventually.ts";
import { openMeetingPlace } from "../support/meeting-place.ts";
import { isRunning } from "../support/processes.ts";
import { createFunction, invoke } from "../support/small-functions.ts";

const project = join(import.meta.dirname, "..", "..");

afterEach(() => {
  vi.unstubAllEnvs();
});

test("two local clouds run at once, each on a free port of its own", async () => {
  const [one, other] = await Promise.all([start(), start()]);

  expect(one.port).not.toBe(other.port);
  for (const { endpoint, environment } of [one, other]) {
    expect(environment["AWS_ENDPOINT_URL"]).toBe(endpoint);
    expect((await fetch(`${endpoint}/_ministack/health`)).status).toBe(200);
  }
});

test("a given port that is busy is one clear error", async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void holder.close());
  const address = holder.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  await expect(start({ port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is in use`);
});

test("it listens on this machine's own address alone", async () => {
  const { port } = await start();

  const connected = await new Promise<boolean>((resolve) => {
    const socket = connect({ host: "127.0.0.2", port, timeout: 1_000 });
    socket.once("connect", () => resolve(true));
    socket.once("timeout", () => resolve(false));
    socket.once("error", () => resolve(false));
    onTestFinished(() => void socket.destroy());
  });

  expect(connected).toBe(false);
});

test("the machine's own settings reach neither it nor its functions", async () => {
  const settings = {
    AWS_CA_BUNDLE: "/nowhere/ca.pem",
    AWS_ENDPOINT_URL: "http://127.0.0.1:9",
    AWS_PROFILE: "somebody",
    AWS_SESSION_TOKEN: "token",
    HTTP_PROXY: "http://127.0.0.1:9",
    HTTPS_PROXY: "http://127.0.0.1:9",
    PERSIST_STATE: "1",
    LAMBDA_EXECUTOR: "docker",
    PYTHONPATH: "/nowhere",
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);

  const cloud = await start();
  const code = `exports.handler = async () => ({
    seen: ${JSON.stringify(Object.keys(settings))}.map((name) => process.env[name]).join(","),
    node: process.version,
  });`;
  await createFunction(clientOf(cloud), { name: "looking", code });
  const { answer } = await invoke(clientOf(cloud), "looking");

  // Only the server's own address is set, its credentials and that nothing is persisted.
  expect(answer).toEqual({
    seen: ["", cloud.endpoint, "", "", "", "", "0", "", ""].join(","),
    node: process.version,
  });
  expect(cloud.environment).toMatchObject({ AWS_PROFILE: "", AWS_CA_BUNDLE: "" });
  expect(cloud.environment["NO_PROXY"]).toContain("127.0.0.1");
});

test("stopping ends functions at work that refuse to end, and removes the files", async () => {
  const cloud = await start();
  const { worker, folder } = await occupyWorker(cloud);

  await cloud.stop();
  await cloud.stop();

  await cloud.ended;
  expect(await isRunning(cloud.pid)).toBe(false);
  await eventually(async () => !(await isRunning(worker)));
  expect(existsSync(folder)).toBe(false);
});

test("nothing stays when the process that started it is killed", async () => {
  const script = `
    const { startLocalCloud } = await import("./local-cloud/start.ts");
    const { endpoint, pid } = await startLocalCloud();
    console.log(JSON.stringify({ endpoint, pid }));`;
  const starter = spawn(process.execPath, ["--input-type=module", "-e", script], {
    cwd: project,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void starter.kill("SIGKILL"));
  const line = await new Promise<string>((resolve) => {
    starter.stdout.setEncoding("utf8").once("data", resolve);
  });
  const cloud = JSON.parse(line) as Pick<LocalCloud, "endpoint" | "pid">;
  const { worker, folder } = await occupyWorker(cloud);

  starter.kill("SIGKILL");

  await eventually(async () => !(await isRunning(cloud.pid)));
  await eventually(async () => !(await isRunning(worker)));
  expect(existsSync(folder)).toBe(false);
});

test("a start that fails says why, with the end of the server's log", async () => {
  await expect(start({ repairsOff: "no_such_repair" })).rejects.toThrow(
    /ended before it was ready[^]*names no repair: no_such_repair; there are: .*sfn_heartbeat/,
  );
});

test.for([
  ["other_version", "the repairs are written for MiniStack 0.0.1, found 1.5.33"],
  ["other_text", "the repair sqs_fifo_concurrency does not fit this MiniStack"],
] as const)("the launcher stops at %s with one line", async ([probe, reason]) => {
  const file = join(import.meta.dirname, "probes", `${probe}.py`);

  const failure: unknown = await promisify(execFile)(pythonFile(), [file, "sqs_fifo_concurrency"])
    .then(() => undefined)
    .catch((error: unknown) => error);

  const { code, stderr } = failure as { readonly code: number; readonly stderr: string };
  expect(code).toBe(1);
  expect(stderr).toContain(reason);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});

test("of the log files the newest five are kept", () => {
  const { folder } = openMeetingPlace();

  const opened = Array.from({ length: 7 }, (_, index) => {
    const { path, descriptor } = openLogFile(4_000 + index, folder);
    closeSync(descriptor);
    return path;
  });

  const kept = readdirSync(folder).map((name) => join(folder, name));
  expect(kept.toSorted()).toEqual(opened.slice(-5).toSorted());
});

async function start(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const cloud = await startLocalCloud(options);
  onTestFinished(() => cloud.stop());
  return cloud;
}

function clientOf({ endpoint }: Pick<LocalCloud, "endpoint">): LambdaClient {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return new LambdaClient({ endpoint, region: "us-east-1", credentials });
}

/**
 * A function's process that is at work, ignores requests to end, and tells where it keeps its
 * files.
 */
async function occupyWorker(
  cloud: Pick<LocalCloud, "endpoint">,
): Promise<{ readonly worker: number; readonly folder: string }> {
  const place = openMeetingPlace();
  const code = `
    const fs = require("node:fs");
    process.on("SIGTERM", () => {});
    exports.handler = async () => {
      const note = process.pid + " " + encodeURIComponent(require("node:os").tmpdir());
      fs.writeFileSync(process.env.MEETING_PLACE + "/" + note, "");
      setInterval(() => {}, 1000);
      await new Promise(() => {});
    };`;
  const lambda = clientOf(cloud);
  const environment = { MEETING_PLACE: place.folder };
  await createFunction(lambda, { name: "stubborn", code, environment });
  await lambda.send(new InvokeCommand({ FunctionName: "stubborn", InvocationType: "Event" }));
  const [pid, folder] = (await eventually(() => place.notes()[0])).split(" ");
  return { worker: Number(pid), folder: decodeURIComponent(folder ?? "") };
}
