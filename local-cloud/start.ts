/**
 * Starts and stops one local cloud: MiniStack with this folder's repairs, on this machine only,
 * with everything it writes in a folder of its own. Nothing of it outlives the process that started
 * it, however that process ends.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { clientEnvironment, serverEnvironment } from "./environment.ts";
import { findFreePort, isPortFree } from "./free-port.ts";
import { lastLines, openLogFile } from "./log-file.ts";
import { requirePython } from "./places.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

export type LocalCloudOptions = {
  /** The port to listen on at 127.0.0.1; any free one when left out. */
  readonly port?: number;
  /** Repairs to leave out, comma-separated, or `all`: for tests that show what they are for. */
  readonly repairsOff?: string;
  /** Receives a short line for each thing that happened. */
  readonly log?: (line: string) => void;
};

export type LocalCloud = {
  readonly endpoint: string;
  readonly port: number;
  /** What a client exports to reach this local cloud and nothing else. */
  readonly environment: Record<string, string>;
  readonly pid: number;
  readonly logFile: string;
  /** Settles when the server has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Ends the server and all its functions' processes and removes its files. May be repeated. */
  stop(): Promise<void>;
};

const readyLimitMs = 60_000;
const readyEveryMs = 50;
const answerLimitMs = 2_000;
const portTriesMax = 5;

/**
 * Starts a local cloud and waits until it answers.
 *
 * @throws Error when the given port is busy, when the set-up is missing, or when the server ends or
 *   stays silent: the message then holds the end of its log.
 */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  requirePython();
  if (options.port !== undefined) {
    if (!(await isPortFree(options.port))) throw new Error(busyPort(options.port));
    return await startOn(options.port, options);
  }
  for (let tries = 1; ; tries += 1) {
    const port = await findFreePort();
    try {
      return await startOn(port, options);
    } catch (error) {
      // Somebody else may take the port before the server does.
      if (tries >= portTriesMax || (await isPortFree(port))) throw error;
    }
  }
}

async function startOn(port: number, options: LocalCloudOptions): Promise<LocalCloud> {
  const startedAtMs = performance.now();
  const endpoint = `http://127.0.0.1:${port}`;
  const temporaryFolder = mkdtempSync(join(tmpdir(), "inorder-local-cloud-"));
  const edition = randomUUID();
  const repairsOff = options.repairsOff ?? process.env["INORDER_REPAIRS_OFF"] ?? "";
  const log = openLogFile(port);
  const server = startServerProcess(
    serverEnvironment({ port, temporaryFolder, repairsOff, edition }),
    temporaryFolder,
    log,
  );
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= server.end();
    return stopping;
  };

  try {
    await waitUntilReady(server, endpoint, edition, log.path);
  } catch (error) {
    await stop();
    throw error;
  }
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  options.log?.(`local cloud ready at ${endpoint} in ${seconds} s`);
  return {
    endpoint,
    port,
    environment: clientEnvironment(endpoint),
    pid: server.pid,
    logFile: log.path,
    ended: server.ended,
    stop,
  };
}

async function waitUntilReady(
  server: ServerProcess,
  endpoint: string,
  edition: string,
  logFile: string,
): Promise<void> {
  const endOfLog = () => `The end of its log (${logFile}):\n${lastLines(logFile)}`;
  const deadlineMs = performance.now() + readyLimitMs;
  while (performance.now() < deadlineMs) {
    if (server.hasEnded()) {
      throw new Error(`The local cloud ended before it was ready. ${endOfLog()}`);
    }
    if (await answersAs(edition, endpoint)) return;
    await pause(readyEveryMs);
  }
  throw new Error(`The local cloud did not answer within ${readyLimitMs / 1000} s. ${endOfLog()}`);
}

/** The edition in the health answer tells our server from another that took the port first. */
function answersAs(edition: string, endpoint: string): Promise<boolean> {
  return new Promise((resolve) => {
    // An agent of its own goes through no proxy, whatever the environment says.
    const agent = new Agent();
    const request = get(`${endpoint}/_ministack/health`, { agent, timeout: answerLimitMs });
    request.on("error", () => resolve(false));
    request.on("timeout", () => request.destroy());
    request.on("response", (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("error", () => resolve(false));
      response.on("end", () => resolve(body.includes(edition)));
    });
  });
}

function busyPort(port: number): string {
  return (
    `Port ${port} of 127.0.0.1 is in use: stop what listens there, or choose another port ` +
    "or none."
  );
}
