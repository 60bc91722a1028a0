/**
 * The progress of a deployment rises from 0 to 1 with what the CDK prints, and never goes back.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type DeployProgress, progressReader } from "../../../bin/operator/deploy-progress.ts";

test("resources done count against the resources of all templates", () => {
  const told: DeployProgress[] = [];
  const progress = progressReader((one) => told.push(one));

  progress.synthesising();
  progress.bootstrapLine("CDKToolkit |  6/12 | 4:32:33 AM | CREATE_COMPLETE | AWS::S3::Bucket | x");
  progress.deploying(assembly({ "shop-data": 4, "shop-app": 6 }));
  progress.deployLine("shop-data |   2 | 4:33:13 AM | CREATE_COMPLETE | AWS::SQS::Queue | Queue");
  progress.deployLine(
    "shop-data |   1 | 4:33:13 AM | CREATE_IN_PROGRESS | AWS::SQS::Queue | Other",
  );
  progress.deployLine(" ✅  shop-data");
  progress.deployLine("shop-app |  3/6 | 4:33:14 AM | CREATE_COMPLETE | AWS::Lambda::Function | F");
  progress.deployLine("somebody-else | 9 | 4:33:14 AM | CREATE_COMPLETE | AWS::SQS::Queue | Q");
  progress.deployLine("✅  shop-app (no changes)");
  progress.finished();

  expect(told.map(({ fraction }) => Number(fraction.toFixed(3)))).toEqual([
    0, 0.2, 0.6, 0.68, 0.68, 0.76, 0.88, 1, 1,
  ]);
  expect(told.map(({ label }) => label)).toEqual([
    "bundling functions and making templates",
    "bootstrapping",
    "deploying",
    "deploying shop-data",
    "deploying shop-data",
    "deploying shop-data",
    "deploying shop-app",
    "deploying shop-app",
    "deployed",
  ]);
});

test("what a rollback takes back is not shown as progress lost", () => {
  const told: number[] = [];
  const progress = progressReader(({ fraction }) => told.push(fraction));

  progress.deploying(assembly({ shop: 2 }));
  progress.deployLine("shop | 2 | 4:33:13 AM | CREATE_FAILED | AWS::SQS::Queue | Queue");
  progress.deployLine("shop | 0 | 4:33:14 AM | DELETE_COMPLETE | AWS::SQS::Queue | Queue");

  expect(told).toEqual([0.6, 1, 1]);
});

function assembly(stacks: Readonly<Record<string, number>>): string {
  const folder = mkdtempSync(join(tmpdir(), "inorder-assembly-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [stack, count] of Object.entries(stacks)) {
    const names = Array.from({ length: count }, (_, index) => `R${index}`);
    const template = { Resources: Object.fromEntries(names.map((name) => [name, {}] as const)) };
    writeFileSync(join(folder, `${stack}.template.json`), JSON.stringify(template));
  }
  writeFileSync(join(folder, "manifest.json"), "{}");
  return folder;
}
