/**
 * `npm run asyncapi`: the document of the shop's events, from their schemas. What would make stored
 * events unreadable is refused.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { asyncApi, type DataSchemas } from "../lib/contracts/events/async-api.ts";
import { EVENT_CATALOGUE } from "../lib/contracts/events/event-catalogue.ts";
import { breaksOf } from "../lib/contracts/events/evolution.ts";
import { UsageError } from "./operator/start-options.ts";

const USAGE = `Usage: npm run asyncapi -- [--write PATH]

  --write PATH  writes it there (docs/asyncapi.json), unless events as the document that is
                there has them could not be read any more
  --help        this text
`;

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

type Document = { readonly components: { readonly schemas: DataSchemas } };

process.exitCode = main(process.argv.slice(2));

function main(args: readonly string[]): number {
  try {
    const { write, help } = parsed(args);
    const made = asyncApi(EVENT_CATALOGUE) as Document;
    const text = `${JSON.stringify(made, undefined, 2)}\n`;
    if (help) console.log(USAGE);
    else if (write === undefined) process.stdout.write(text);
    else replace(write, text, made);
    return EXIT.done;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

function replace(path: string, text: string, made: Document): void {
  if (existsSync(path)) {
    const before = JSON.parse(readFileSync(path, "utf8")) as Document;
    const breaks = breaksOf(before.components.schemas, made.components.schemas);
    if (breaks.length > 0) {
      throw new Error(
        [
          `${path} is left as it is: stored events could not be read any more.`,
          ...breaks.map((reason) => `  ${reason}`),
          "Keep the type as it was and give the new form a type of its own.",
        ].join("\n"),
      );
    }
  }
  writeFileSync(path, text);
  console.log(`${path} is written.`);
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
