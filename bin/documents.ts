/**
 * `npm run documents`: the documents of the shop's routes and events, from their schemas. What
 * would make stored events unreadable is refused.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { asyncApi, type DataSchemas } from "../lib/contracts/events/async-api.ts";
import { EVENT_CATALOGUE } from "../lib/contracts/events/event-catalogue.ts";
import { breaksOf } from "../lib/contracts/events/evolution.ts";
import { describedRoutes } from "../lib/contracts/http/operations/described.ts";
import { openApi } from "../lib/contracts/http/operations/open-api.ts";
import { UsageError } from "./operator/start-options.ts";

const USAGE = `Usage: npm run documents -- [--write FOLDER]

  Says whether openapi.json and asyncapi.json in docs are what the code says.

  --write FOLDER  writes both there (docs), unless events as the document that is there has them
                  could not be read any more
  --help          this text
`;

const EXIT = { done: 0, failed: 1, usage: 2 } as const;
const FOLDER = join(import.meta.dirname, "..", "docs");

type Events = { readonly components: { readonly schemas: DataSchemas } };

process.exitCode = main(process.argv.slice(2));

function main(args: readonly string[]): number {
  try {
    const { write, help } = parsed(args);
    const made = documents();
    if (help) console.log(USAGE);
    else if (write === undefined) return compared(made);
    else written(write, made);
    return EXIT.done;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

type Made = Readonly<Record<"openapi.json" | "asyncapi.json", object>>;

function documents(): Made {
  return {
    "openapi.json": openApi(describedRoutes()),
    "asyncapi.json": asyncApi(EVENT_CATALOGUE),
  };
}

function textOf(made: object): string {
  return `${JSON.stringify(made, undefined, 2)}\n`;
}

function compared(made: Made): number {
  const old = Object.entries(made)
    .filter(([name, document]) => textIn(join(FOLDER, name)) !== textOf(document))
    .map(([name]) => name);
  for (const name of old) console.error(`docs/${name} is not what the code says: --write docs`);
  if (old.length > 0) return EXIT.failed;
  console.log("Both documents are what the code says.");
  return EXIT.done;
}

function written(folder: string, made: Made): void {
  const events = join(folder, "asyncapi.json");
  refuseBreaks(events, made["asyncapi.json"] as Events);
  for (const [name, document] of Object.entries(made)) {
    writeFileSync(join(folder, name), textOf(document));
    console.log(`${join(folder, name)} is written.`);
  }
}

function refuseBreaks(path: string, made: Events): void {
  const text = textIn(path);
  if (text === undefined) return;
  const before = JSON.parse(text) as Events;
  const breaks = breaksOf(before.components.schemas, made.components.schemas);
  if (breaks.length === 0) return;
  throw new Error(
    [
      `${path} is left as it is: stored events could not be read any more.`,
      ...breaks.map((reason) => `  ${reason}`),
      "Keep the type as it was and give the new form a type of its own.",
    ].join("\n"),
  );
}

function textIn(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { write: { type: "string" }, help: { type: "boolean", default: false } },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
