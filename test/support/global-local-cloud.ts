/**
 * One local cloud for all files of a kind of test: started before the first, stopped after the
 * last, also when the tests fail. A test file reads where it is by `inject("localCloud")`.
 */
import type { TestProject } from "vitest/node";
import { clientEnvironment } from "../../local-cloud/environment.ts";
import { startLocalCloud } from "../../local-cloud/start.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly localCloud: {
      readonly endpoint: string;
      /** What a child process or an AWS client needs to reach this local cloud and nothing else. */
      readonly environment: Readonly<Record<string, string>>;
    };
  }
}

/**
 * `AWS_ENDPOINT_URL` in the environment names one that runs already, as for every other command.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env["AWS_ENDPOINT_URL"];
  if (given !== undefined && given !== "") {
    project.provide("localCloud", { endpoint: given, environment: clientEnvironment(given) });
    return () => Promise.resolve();
  }
  const cloud = await startLocalCloud();
  const { endpoint, environment } = cloud;
  project.provide("localCloud", { endpoint, environment });
  return () => cloud.stop();
}
