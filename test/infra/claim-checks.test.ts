// The bucket of what no queue takes: it keeps longer than every queue, and each function may do
// there what it does, and no more.
import { App, Stack } from "aws-cdk-lib";
import { Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { describe, expect, test } from "vitest";
import { STAGES } from "#contracts/outputs";
import {
  ClaimCheckBucket,
  getsClaimChecks,
  putsClaimChecks,
} from "#infra/constructs/claim-check-bucket";
import { fields, type Json, list, statements, templatesOf, text, wholeOf } from "./templates.ts";

const PUTS = ["OrdersProject", "OutboxRelay", "ProductsCountBaskets", "WebhooksDeliver"];
const ALSO_PUTS = ["WebhooksPlan", "WebhooksRelay"];
const GETS = [
  "OrdersProject",
  "OrdersStartSaga",
  "ProductsCountBaskets",
  "WebhooksDeliver",
  "WebhooksPlan",
];

describe.each(STAGES)("in %s", (stage) => {
  const templates = templatesOf(stage);
  const bucket = templates.ofType("AWS::S3::Bucket").find(({ id }) => id.startsWith("ClaimChecks"));
  const isOfBucket = (resource: Json, stack: string): boolean =>
    bucket !== undefined && templates.behind(wholeOf(resource), stack) === bucket;

  test("what it keeps outlives a message in its queue and its dead-letter queue", () => {
    const seconds = templates
      .ofType("AWS::SQS::Queue")
      .map(({ properties }) => Number(properties["MessageRetentionPeriod"] ?? 0));
    const { LifecycleConfiguration } = bucket?.properties ?? {};
    const [rule, ...others] = list(fields(LifecycleConfiguration)["Rules"]).map(fields);

    expect(others).toEqual([]);
    expect(rule).toMatchObject({ Status: "Enabled", Prefix: "claim-checks/" });
    const keptSeconds = Number(rule?.["ExpirationInDays"]) * 86_400;
    expect(keptSeconds).toBeGreaterThan(2 * Math.max(...seconds));
  });

  test("senders put, consumers get, below its folder, and nobody does anything else", () => {
    const granted = statements(templates)
      .filter(({ owner }) => owner.type === "AWS::IAM::Policy")
      .flatMap(({ owner, actions, resources }) =>
        resources
          .filter((resource) => isOfBucket(resource, owner.stack))
          .flatMap((resource) => actions.map((action) => ({ owner, action, resource }))),
      );
    const mayDo = (asked: string) =>
      granted
        .filter(({ action }) => action === asked)
        .map(({ owner }) => owner.id.replace(/(?:Consumer)?Role.*$/, ""))
        .toSorted();

    expect([...new Set(granted.map(({ action }) => action))].toSorted()).toEqual([
      "s3:GetObject",
      "s3:PutObject",
    ]);
    expect(mayDo("s3:PutObject")).toEqual([...PUTS, ...ALSO_PUTS].toSorted());
    expect(mayDo("s3:GetObject")).toEqual(GETS);
    for (const { resource } of granted) {
      expect(text(list(list(fields(resource)["Fn::Join"])[1]).at(-1))).toBe("/claim-checks/*");
    }
  });
});

test.for([28, 0, Number.NaN, 40.5])("%s days are refused", (keptDays) => {
  const stack = new Stack(new App({ analyticsReporting: false }), "Payments");

  expect(() => new ClaimCheckBucket(stack, "Large", { keptDays })).toThrow(
    new RegExp(`Payments/Large keeps claim checks for ${keptDays} days, but .* for 28: set`),
  );
});

test("of a bucket with a key of its own, the key may be used for just that", () => {
  const stack = new Stack(new App({ analyticsReporting: false }), "Payments");
  const bucket = new Bucket(stack, "Large", { encryption: BucketEncryption.KMS });
  const ofKey = (action: string) => ({
    actions: [action],
    resources: [bucket.encryptionKey?.keyArn],
  });

  expect(putsClaimChecks(bucket).permissions.slice(1)).toEqual([ofKey("kms:GenerateDataKey")]);
  expect(getsClaimChecks(bucket).permissions.slice(1)).toEqual([ofKey("kms:Decrypt")]);
});
