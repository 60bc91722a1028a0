/**
 * A Redis (or Valkey) server of this machine for the tests that need a real one: found on the PATH,
 * started on a free port, and gone with the process that started it.
 */
import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findFreePort } from "../../local-cloud/free-port.ts";
import { eventually } from "./eventually.ts";

const NAMES = ["redis-server", "valkey-server"];

/** The test files that need one; they are left out where there is none. */
export const REDIS_TESTS = "test/contract/redis-*.test.ts";

export const WITHOUT_REDIS =
  `Left out: ${REDIS_TESTS}, as there is no ${NAMES.join(" or ")} on the PATH; ` +
  "`apt-get install redis-server` gets one.";

/** Its path; undefined where there is none. */
export function findRedisServer(searchPath = process.env["PATH"] ?? ""): string | undefined {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== "");
  const places = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return places.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export type RedisServer = {
  readonly port: number;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
};

/** Ends the server also when this process is killed: its standard input then ends. */
const WATCHED = '"$@" & server=$!; cat > /dev/null; kill -9 $server; wait $server 2> /dev/null';

export async function startRedisServer(): Promise<RedisServer> {
  const program = findRedisServer();
  if (program === undefined) throw new Error(WITHOUT_REDIS);
  const folder = mkdtempSync(join(tmpdir(), "inorder-redis-"));
  const port = await findFreePort();
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder];
  const child = spawn("sh", ["-c", WATCHED, "sh", program, ...options], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  await eventually(() => answers(port)).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { port, stop };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.once("data", (data) => {
      socket.destroy();
      resolve(data.toString().startsWith("+PONG"));
    });
    socket.once("error", () => resolve(false));
  });
