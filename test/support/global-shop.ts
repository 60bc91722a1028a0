/**
 * The whole system for all integration tests: one local cloud, all stacks of the local stage
 * deployed into it by the ordinary `cdk deploy`, as `npm start` does. A test file opens it by
 * `openShop(inject("shop"))`.
 */
import type { TestProject } from "vitest/node";
import { stageUrl } from "../../bin/operator/api-url.ts";
import { deploy } from "../../bin/operator/deploy.ts";
import { startLocalCloud } from "../../local-cloud/start.ts";
import type { Deployed } from "./shop.ts";

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cloud = await startLocalCloud();
  try {
    project.provide("shop", await deployShop(cloud.environment));
  } catch (error) {
    await cloud.stop();
    throw error;
  }
  return () => cloud.stop();
}

async function deployShop(environment: Readonly<Record<string, string>>): Promise<Deployed> {
  const outputs = await deploy({ stage: "local", environment });
  const api = stageUrl(outputs.ApiId, outputs.ApiStage, environment);
  return { api, environment: { ...environment }, outputs };
}
