/**
 * `npm run cloud`: the local cloud alone, for deploying and trying things by hand. It prints what
 * to export and stays up until Ctrl-C.
 */
import { parseArgs } from "node:util";
import { startLocalCloud } from "../local-cloud/start.ts";
import { untilInterrupted } from "./until-interrupted.ts";

const usage = `Usage: npm run cloud -- [--port N]

  --port N   the port to listen on at 127.0.0.1 (default 4566)
  --help     this text
`;
const defaultPort = 4566;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let options: { readonly port: number; readonly help: boolean };
  try {
    options = parse(args);
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    console.log(usage);
    return 0;
  }
  try {
    await serve(options.port);
    return 0;
  } catch (error) {
    console.error(messageOf(error));
    return 1;
  }
}

async function serve(port: number): Promise<void> {
  const interrupted = untilInterrupted();
  const cloud = await startLocalCloud({ port, log: (line) => console.error(line) });
  try {
    for (const [name, value] of Object.entries(cloud.environment)) {
      // Some clients take an empty value for a name that does not exist.
      console.log(value === "" ? `unset ${name}` : `export ${name}=${value}`);
    }
    console.error("Ctrl-C ends it; everything in it is gone then.");
    const diedAlone = cloud.ended.then(() => "died" as const);
    if ((await Promise.race([interrupted, diedAlone])) === "died") {
      throw new Error(`The local cloud ended by itself; see its log: ${cloud.logFile}`);
    }
  } finally {
    await cloud.stop();
  }
}

function parse(args: readonly string[]): { readonly port: number; readonly help: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: "string" }, help: { type: "boolean", default: false } },
  });
  return { port: portOf(values.port), help: values.help };
}

function portOf(text: string | undefined): number {
  if (text === undefined) return defaultPort;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Error(`--port must be a whole number from 1 to 65535, got "${text}".`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
