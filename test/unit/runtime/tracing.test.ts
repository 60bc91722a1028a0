// Subsegments as X-Ray's daemon receives them from the code as it is deployed, and nothing at all
// outside Lambda.
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { bundleFunctions } from "#infra/bundle";
import type { Tracing, xrayTracing } from "#runtime/tracing";

const root = join(import.meta.dirname, "..", "..", "..");
const folder = mkdtempSync(join(tmpdir(), "inorder-tracing-"));

let daemon: Socket;
let open: typeof xrayTracing;
let tracing: Tracing;

/** The tracer and its SDK read their settings when they are loaded. */
beforeAll(async () => {
  daemon = createSocket("udp4").bind(0, "127.0.0.1");
  await once(daemon, "listening");
  vi.stubEnv("AWS_XRAY_DAEMON_ADDRESS", `127.0.0.1:${daemon.address().port}`);
  vi.stubEnv("LAMBDA_TASK_ROOT", import.meta.dirname);
  vi.stubEnv(
    "_X_AMZN_TRACE_ID",
    "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1;Parent=53995c3f42cd8ad8",
  );
  vi.stubEnv("AWS_EXECUTION_ENV", "AWS_Lambda_nodejs24.x");
  open = bundled().xrayTracing;
  tracing = open("orders");
});

afterAll(() => {
  vi.unstubAllEnvs();
  daemon.close();
  rmSync(folder, { recursive: true });
});

function bundled(): { readonly xrayTracing: typeof xrayTracing } {
  const entries = { tracing: "lib/runtime/tracing.ts" };
  bundleFunctions({ root, names: ["tracing"], entries, folder });
  return createRequire(import.meta.url)(join(folder, "tracing", "index.js")) as ReturnType<
    typeof bundled
  >;
}

type Subsegment = { readonly name: string; readonly id: string; readonly parent_id: string };

/** A datagram is a header and a document, a line each. */
async function subsegment(): Promise<Subsegment> {
  const [datagram] = (await once(daemon, "message")) as [Buffer];
  return JSON.parse(datagram.toString().split("\n")[1] ?? "") as Subsegment;
}

test("work is a subsegment of the invocation, with what it was for", async () => {
  const received = subsegment();

  const answer = await tracing.around("## task", { step: "reserve", orderId: "o1" }, async () => 7);

  expect(answer).toBe(7);
  expect(await received).toMatchObject({
    name: "## task",
    trace_id: "1-5759e988-bd862e3fe1be46a994272793",
    parent_id: "53995c3f42cd8ad8",
    annotations: { Service: "orders", step: "reserve", orderId: "o1" },
  });
});

test("work that fails is a fault, and its error is thrown on", async () => {
  const received = subsegment();
  const error = new Error("a bug");

  await expect(tracing.around("## task", {}, () => Promise.reject(error))).rejects.toBe(error);

  expect(await received).toMatchObject({
    fault: true,
    cause: { exceptions: [{ message: "a bug" }] },
  });
});

test("a request is a subsegment of the work that makes it, whatever was awaited", async () => {
  const server = http
    .createServer((_request, response) => response.end("yes"))
    .listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const received = (async () => [await subsegment(), await subsegment()] as const)();

  await tracing.around("## task", {}, async () => {
    await Promise.resolve();
    await new Promise<void>((resolve) => {
      http.get({ host: "127.0.0.1", port, agent: false }, (response) => {
        response.resume().once("end", resolve);
      });
    });
  });
  server.close();

  const [request, work] = await received;
  expect(work).toMatchObject({ name: "## task", parent_id: "53995c3f42cd8ad8" });
  expect(request).toMatchObject({ name: "127.0.0.1", parent_id: work.id });
});

test("outside Lambda the work is done once and nothing is sent", async () => {
  vi.stubEnv("AWS_EXECUTION_ENV", undefined);

  expect(await sentMeanwhile(open("orders"))).toEqual(["marker"]);
});

test("nothing is sent of an invocation that is not sampled", async () => {
  vi.stubEnv(
    "_X_AMZN_TRACE_ID",
    "Root=1-5759e988-000000000000000000000000;Sampled=0;Parent=53995c3f42cd8ad8",
  );

  expect(await sentMeanwhile(tracing)).toEqual(["marker"]);
});

/** What the daemon gets while work is done once, and then one marker. */
async function sentMeanwhile(traced: Tracing): Promise<readonly string[]> {
  const sent: Buffer[] = [];
  const keep = (datagram: Buffer) => sent.push(datagram);
  daemon.on("message", keep);
  let runs = 0;

  await traced.around("## task", {}, async () => void (runs += 1));
  // Datagrams on this machine keep their order: this one is the first to arrive.
  const marker = createSocket("udp4");
  marker.send("marker", daemon.address().port, "127.0.0.1");
  await once(daemon, "message");
  marker.close();
  daemon.off("message", keep);

  expect(runs).toBe(1);
  return sent.map(String);
}
