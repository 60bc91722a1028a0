/**
 * The rules of cdk-nag (AwsSolutions) and of CloudFormation itself: kept, or acknowledged with a
 * reason, in every stage.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type App, Validations } from "aws-cdk-lib";
import type { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { STAGES, type StageName } from "#contracts/outputs";
import { stageNamed } from "#infra/config/stages";
import { addStacks } from "#infra/synthesis";
import { emptyBundles, newApp, root } from "./templates.ts";

describe.each(STAGES)("in %s", (stage) => {
  test("cdk-nag finds nothing that is not acknowledged", () => {
    const app = appOf(stage);
    process.env["CDK_VALIDATION"] = "false";
    app.synth();
    const { violations } = new AwsSolutionsChecks(app, { verbose: true }).validateScope(app);
    const found = violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );
    expect(found).toEqual([]);
  });

  test("every acknowledgement has a reason that one can read", () => {
    const reasons = acknowledgements(appOf(stage));
    expect(reasons.length).toBeGreaterThan(5);
    for (const [rule, reason] of reasons) {
      expect(rule).toMatch(/AwsSolutions-\w+/);
      expect(reason.split(" ").length).toBeGreaterThanOrEqual(6);
    }
  });
});

test("cdk-nag speaks up: a queue without TLS is found", () => {
  const app = appOf("prod");
  const stack = app.node.findChild("inorder-prod-data");
  stack.node.findChild("Fulfilment").node.findChild("Queue").node.tryRemoveChild("Policy");
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(violations.map(({ ruleName }) => ruleName)).toEqual(["AwsSolutions-SQS4"]);
});

describe("CloudFormation's own rules", () => {
  test("find nothing in prod", () => {
    expect(cloudFormationFindings(appOf("prod"))).toEqual([]);
  });

  test("speak up: a value that a resource does not know is found", () => {
    const app = appOf("prod");
    const queue = app.node.findChild("inorder-prod-data").node.findChild("RelayGivenUp");
    (queue.node.defaultChild as CfnQueue).addPropertyOverride("VisibilityTimeout", "soon");
    expect(cloudFormationFindings(app).join()).toMatch(/VisibilityTimeout/);
  });
});

/** Synthesis fails on what they find; the report then says what. */
function cloudFormationFindings(app: App): readonly string[] {
  delete process.env["CDK_VALIDATION"];
  try {
    app.synth();
  } catch (error) {
    if (!String(error).includes("validation-report.json")) throw error;
  }
  const report = JSON.parse(readFileSync(join(app.outdir, "validation-report.json"), "utf8")) as {
    readonly pluginReports: readonly { readonly violations: readonly unknown[] }[];
  };
  return report.pluginReports.flatMap(({ violations }) =>
    violations.map((violation) => JSON.stringify(violation)),
  );
}

function appOf(stage: StageName): App {
  const app = newApp();
  addStacks(app, { stage: stageNamed(stage), root, bundles: emptyBundles() });
  return app;
}

function acknowledgements(app: App): readonly (readonly [string, string])[] {
  return app.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) => Object.entries(data as Record<string, string>)),
    );
}
