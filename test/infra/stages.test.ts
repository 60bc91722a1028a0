/**
 * Stages: prod has every protection, local lacks only what a local cloud refuses, and what cannot
 * work is refused with a sentence that says what to do.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROUTES } from "#contracts/http/routes";
import { deployedOf, STAGES, stackNames } from "#contracts/outputs";
import type { StageFeatures } from "#infra/config/stage";
import { checkStage, stageNamed } from "#infra/config/stages";
import { CONSUMER_DEFAULTS } from "#messaging/consumer/consumer-settings";
import { LOCAL_CLOUD_TYPES } from "./local-cloud-types.ts";
import {
  emptyBundles,
  fields,
  list,
  root,
  synthesise,
  type Templates,
  templatesOf,
  text,
} from "./templates.ts";

describe("prod", () => {
  const templates = templatesOf("prod");
  const names = stackNames("prod");

  test("has every feature but those of the simulated provider", () => {
    const expected: StageFeatures = {
      waf: true,
      deletionProtection: true,
      pointInTimeRecovery: true,
      archive: true,
      compositeAlarms: true,
      canary: true,
      schedules: true,
      simulatedProvider: false,
      lateProviderAnswers: false,
      loopbackWebhooks: false,
    };
    expect(stageNamed("prod").features).toEqual(expected);
  });

  test("waf: a web ACL stands in front of the API's stage", () => {
    const [association] = templates.ofType("AWS::WAFv2::WebACLAssociation");
    const [acl] = templates.ofType("AWS::WAFv2::WebACL");
    const rules = list(acl?.properties["Rules"]).map((rule) => fields(rule)["Name"]);
    expect(templates.behind(association?.properties["WebACLArn"], names.application)).toBe(acl);
    expect(JSON.stringify(association?.properties["ResourceArn"])).toContain("/stages/");
    expect(rules).toEqual([
      "requests-per-address",
      "AWSManagedRulesAmazonIpReputationList",
      "AWSManagedRulesKnownBadInputsRuleSet",
      "AWSManagedRulesCommonRuleSet",
    ]);
  });

  test("deletionProtection and pointInTimeRecovery: on every table", () => {
    const tables = templates.ofType("AWS::DynamoDB::GlobalTable");
    expect(tables).toHaveLength(11);
    for (const { properties } of tables) {
      for (const replica of list(properties["Replicas"])) {
        expect(replica).toMatchObject({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        });
      }
    }
  });

  test("deletionProtection: what keeps state outlives its stack", () => {
    const kept = [
      "AWS::DynamoDB::GlobalTable",
      "AWS::SQS::Queue",
      "AWS::KMS::Key",
      "AWS::SecretsManager::Secret",
    ];
    const state = templates.resources.filter(
      ({ stack, type }) => stack === names.data && kept.includes(type),
    );
    expect(state.length).toBeGreaterThan(10);
    for (const { deletionPolicy } of state) expect(deletionPolicy).toBe("Retain");
  });

  test("archive: everything on the bus is kept", () => {
    const [archive] = templates.ofType("AWS::Events::Archive");
    expect(archive?.properties["RetentionDays"]).toBe(90);
  });

  test("compositeAlarms: one alarm over the critical ones", () => {
    const [broken] = templates.ofType("AWS::CloudWatch::CompositeAlarm");
    const rule = JSON.stringify(broken?.properties["AlarmRule"]);
    for (const name of ["fulfilmentdeadletters", "sagafailed", "apiservererrors"]) {
      expect(rule).toContain(`Alarms${name}`);
    }
  });

  test("canary: HTTP calls reach an alias that CodeDeploy shifts and takes back", () => {
    const aliases = templates.ofType("AWS::Lambda::Alias");
    const groups = templates.ofType("AWS::CodeDeploy::DeploymentGroup");
    expect(aliases).toHaveLength(new Set(ROUTES.map(({ entry }) => entry)).size);
    expect(groups).toHaveLength(aliases.length);
    for (const { properties, stack } of groups) {
      const config = JSON.stringify(properties["DeploymentConfigName"]);
      expect(config).toContain("CodeDeployDefault.LambdaCanary10Percent5Minutes");
      expect(fields(properties["AutoRollbackConfiguration"])["Events"]).toContain(
        "DEPLOYMENT_STOP_ON_ALARM",
      );
      const { Alarms } = fields(properties["AlarmConfiguration"]);
      const alarms = list(Alarms).map((entry) => templates.behind(fields(entry)["Name"], stack));
      expect(alarms.map((alarm) => alarm?.properties["MetricName"])).toEqual([
        "Errors",
        "5XXError",
      ]);
    }
    for (const method of templates.ofType("AWS::ApiGateway::Method")) {
      const uri = JSON.stringify(fields(method.properties["Integration"])["Uri"]);
      expect(aliases.some(({ id }) => uri.includes(id))).toBe(true);
    }
  });

  test("simulatedProvider off: no provider, and its address has to be given", () => {
    const parameter = fields(
      fields(templates.byStack[names.application]?.Parameters)["ProviderAddress"],
    );
    expect(Object.keys(templates.byStack)).not.toContain(names.provider);
    expect(parameter["Default"]).toBeUndefined();
    const pattern = new RegExp(text(parameter["AllowedPattern"]));
    expect("https://payments.example/v2").toMatch(pattern);
    for (const wrong of [
      "",
      "http://payments.example",
      "https://payments.example/",
      "https://a b",
    ]) {
      expect(wrong).not.toMatch(pattern);
    }
  });
});

describe("features that are off leave nothing behind", () => {
  const types: readonly (readonly [keyof StageFeatures, string])[] = [
    ["waf", "AWS::WAFv2::WebACLAssociation"],
    ["archive", "AWS::Events::Archive"],
    ["compositeAlarms", "AWS::CloudWatch::CompositeAlarm"],
    ["canary", "AWS::CodeDeploy::DeploymentGroup"],
    ["schedules", "AWS::Scheduler::Schedule"],
  ];

  test.each(types)("%s", (feature, type) => {
    for (const name of STAGES) {
      const found = templatesOf(name).ofType(type).length > 0;
      expect([name, found]).toEqual([name, stageNamed(name).features[feature]]);
    }
  });
});

describe("local", () => {
  test("is dev without what a local cloud refuses and what would disturb a test", () => {
    const { local, dev } = { local: stageNamed("local").features, dev: stageNamed("dev").features };
    const off = { waf: false, archive: false, compositeAlarms: false, schedules: false };
    const on = { loopbackWebhooks: true };
    expect(local).toEqual({ ...dev, ...off, ...on });
  });

  test("has the same resources as dev but for those features", () => {
    const local = shapes(templatesOf("local"));
    const dev = shapes(templatesOf("dev"));
    const onlyInDev = [...dev].filter((shape) => !local.has(shape));
    expect([...local].filter((shape) => !dev.has(shape))).toEqual([]);
    expect(onlyInDev.map((shape) => shape.split(" ")[0] ?? "").toSorted()).toEqual([
      "AWS::CloudWatch::CompositeAlarm",
      "AWS::Events::Archive",
      ...Array.from({ length: 11 }, () => "AWS::IAM::Role"),
      ...Array.from({ length: 11 }, () => "AWS::Scheduler::Schedule"),
      "AWS::WAFv2::WebACL",
      "AWS::WAFv2::WebACLAssociation",
    ]);
  });

  test("uses only resource types that a local cloud knows", () => {
    const used = new Set(templatesOf("local").resources.map(({ type }) => type));
    expect([...used].filter((type) => !LOCAL_CLOUD_TYPES.includes(type))).toEqual([]);
  });
});

describe.each(STAGES)("the stacks and outputs of %s", (name) => {
  test("are those of the contracts, under exactly these names", () => {
    const templates = templatesOf(name);
    const { stacks, outputs: expected } = deployedOf(name);
    expect(Object.keys(templates.byStack).toSorted()).toEqual(stacks.toSorted());
    const outputs = Object.values(templates.byStack).flatMap(({ Outputs }) =>
      Object.keys(Outputs ?? {}).filter((key) => !key.startsWith("ExportsOutput")),
    );
    expect(outputs.toSorted()).toEqual(expected.toSorted());
  });
});

describe("what cannot work is refused", () => {
  test("all mistakes of a consumer at once, also when stacks are made", () => {
    const prod = stageNamed("prod");
    const consumer = { ...prod.consumer, visibilityTimeoutSeconds: 10, batchSize: 0 };
    const made = () => synthesise({ stage: { ...prod, consumer }, root, bundles: emptyBundles() });
    expect(made).toThrow(/OrdersStartSaga does not fit its queue:\n- visibility.*\n- batchSize/);
  });

  test("late answers without a simulated provider", () => {
    const prod = stageNamed("prod");
    const features = { ...prod.features, lateProviderAnswers: true };
    expect(() => checkStage({ ...prod, features })).toThrow(/only the simulated provider can/);
  });

  test("origins that are none, or anybody's", () => {
    const prod = stageNamed("prod");
    for (const origin of ["*", "https://*.shop.example", "https://shop.example/", "http://shop"]) {
      const edge = { ...prod.edge, origins: ["https://shop.example", origin] };
      expect(() => checkStage({ ...prod, edge })).toThrow(`prod: ${origin} is no exact origin`);
    }
  });

  test("a stage that does not exist", () => {
    expect(() => stageNamed("production")).toThrow(
      'There is no stage "production"; choose one of local, dev, prod',
    );
  });

  test("other entries in prod, and qualifiers that would not fit a name", () => {
    const bundles = emptyBundles();
    const prod = { stage: stageNamed("prod"), root, bundles };
    expect(() => synthesise({ ...prod, entries: { "orders/http": "test/x.ts" } })).toThrow(
      /prod runs only what is below functions/,
    );
    expect(() => synthesise({ ...prod, qualifier: "Faults 1" })).toThrow(/lower-case letters/);
  });
});

test("stages count attempts as the consumer library does", () => {
  for (const name of STAGES) {
    expect(stageNamed(name).consumer.attemptsMax).toBe(CONSUMER_DEFAULTS.attemptsMax);
  }
});

test("a call that starts a saga ends before its lease, which ends before a repetition", () => {
  const source = readFileSync(join(root, "functions/orders/start-saga.ts"), "utf8");
  const lease = Number(/const lease = seconds\((\d+)\)/.exec(source)?.[1]);
  for (const name of STAGES) {
    const { timeoutSeconds, visibilityTimeoutSeconds } = stageNamed(name).consumer;
    expect(lease).toBeGreaterThan(timeoutSeconds);
    expect(lease).toBeLessThan(visibilityTimeoutSeconds);
  }
});

test("a qualified deployment shares no name with the ordinary one", () => {
  const ordinary = physicalNames(templatesOf("local"));
  const qualified = physicalNames(templatesOf("local", { qualifier: "faults" }));
  expect(qualified.length).toBe(ordinary.length);
  expect(qualified.filter((name) => ordinary.includes(name))).toEqual([]);
});

/**
 * Type, stack and id of each resource, without what names the stage and without the hashes that
 * follow from it.
 */
const shapes = (templates: Templates): ReadonlySet<string> =>
  new Set(
    templates.resources.map(({ type, id, stack }) =>
      [type, stack, id].join(" ").replaceAll(/local|dev|[0-9a-f]{20,}|[0-9A-F]{8,}/g, ""),
    ),
  );

const NAME_KEYS = ["QueueName", "StateMachineName", "AlarmName", "DashboardName", "LogGroupName"];

const physicalNames = (templates: Templates): readonly string[] => [
  ...Object.keys(templates.byStack),
  ...templates.resources.flatMap(({ properties }) =>
    NAME_KEYS.flatMap((key) => (properties[key] === undefined ? [] : [text(properties[key])])),
  ),
];
