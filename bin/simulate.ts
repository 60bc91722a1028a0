/**
 * `npm run simulate`: the consumer under injected faults, from a seed (docs/proof.md).
 */
import { catalogue } from "../test/simulation/catalogue.ts";
import { simulate } from "./simulation/main.ts";

process.exitCode = await simulate(process.argv.slice(2), {
  catalogue,
  catalogueUrl: new URL("../test/simulation/catalogue.ts", import.meta.url),
  stdout: process.stdout,
  stderr: process.stderr,
});
