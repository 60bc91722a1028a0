/**
 * Functions: each with a role and a log of its own, told what the contracts name, allowed what it
 * needs.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CONSUMER_ENV, ENV, HTTP_ENV, SWEEP_ENV } from "#contracts/env";
import { ROUTES } from "#contracts/http/routes";
import { STAGES } from "#contracts/outputs";
import { stageNamed } from "#infra/config/stages";
import { ATTENTION_INDEX } from "#contracts/indexes";
import { APPLICATION_FUNCTIONS, functionId, PROVIDER_FUNCTIONS } from "#infra/functions";
import { CONSUMERS } from "./consumers.ts";
import {
  fields,
  type Json,
  list,
  root,
  type Statement,
  statements,
  templatesOf,
  text,
  wholeOf,
} from "./templates.ts";

/** Services whose actions take no resource, with the actions that are granted on `*`. */
const WITHOUT_RESOURCE = [
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
];

const SWEEP = "outbox/sweep";

describe.each(STAGES)("in %s", (name) => {
  const templates = templatesOf(name);
  const stage = stageNamed(name);
  const functions = templates.ofType("AWS::Lambda::Function");
  const names = [
    ...APPLICATION_FUNCTIONS,
    ...(stage.features.simulatedProvider ? PROVIDER_FUNCTIONS : []),
  ];
  /** The sweep is a part of each ordered consumer; everything else is there once. */
  const sweeps = functions.filter(({ id }) => id.includes("Sweep"));
  const deployed = (listed: string) =>
    listed === SWEEP
      ? sweeps
      : functions.filter((one) => !sweeps.includes(one) && one.id.startsWith(functionId(listed)));
  /** A function that a machine calls cannot refer to it, so all name machines and their runs. */
  const machineNamedBy = (arn: Json | undefined) => {
    const [, of] = /:(?:stateMachine|execution):([\w-]+)/.exec(JSON.stringify(arn ?? "")) ?? [];
    return templates
      .ofType("AWS::StepFunctions::StateMachine")
      .find(({ properties }) => properties["StateMachineName"] === of);
  };
  const allowed = statements(templates).filter(({ effect }) => effect === "Allow");

  test("every listed function is deployed once, the sweep for each consumer, and no other", () => {
    for (const listed of names) {
      expect([listed, deployed(listed).length]).toEqual([
        listed,
        listed === SWEEP ? CONSUMERS.length : 1,
      ]);
    }
    expect(functions).toHaveLength(names.length - 1 + CONSUMERS.length);
  });

  test("a sweep reads one index and sends to the queue of the same consumer, and no more", () => {
    const mappings = templates.ofType("AWS::Lambda::EventSourceMapping");
    for (const { id, properties, stack } of sweeps) {
      const { INORDER_CONSUMER, INORDER_QUEUE_URL, INORDER_TABLE } = fields(
        fields(properties["Environment"])["Variables"],
      );
      const queue = templates.behind(INORDER_QUEUE_URL, stack);
      const consumer = mappings
        .filter((one) => templates.behind(one.properties["EventSourceArn"], stack) === queue)
        .map((one) => templates.behind(one.properties["FunctionName"], stack));
      expect(consumer).toHaveLength(1);
      expect(consumer[0]?.id.startsWith(id.replace(/Sweep.*/, ""))).toBe(true);
      expect(queue?.properties["QueueName"]).toBe(`inorder-${name}-${text(INORDER_CONSUMER)}.fifo`);

      const table = templates.behind(INORDER_TABLE, stack);
      const keeping = fields(fields(consumer[0]?.properties["Environment"])["Variables"]);
      expect(Object.values(keeping).map((value) => templates.behind(value, stack))).toContain(
        table,
      );
      const role = templates.behind(properties["Role"], stack);
      const may = allowed
        .filter(({ owner }) => isPolicyOf(owner.properties["Roles"], role?.id))
        .filter(({ actions }) => !actions.join().startsWith("xray:"));
      expect(may.map(({ actions }) => actions)).toEqual([["dynamodb:Query"], ["sqs:SendMessage"]]);
      expect(JSON.stringify(may[0]?.resources)).toContain(`/index/${ATTENTION_INDEX.name}`);
    }
    const swept = sweeps.map(({ properties }) =>
      text(fields(fields(properties["Environment"])["Variables"])["INORDER_CONSUMER"]),
    );
    expect(swept.toSorted()).toEqual(CONSUMERS);
  });

  test("tables with heads have the index that sweeps read: sparse, of keys only", () => {
    const indexed = templates
      .ofType("AWS::DynamoDB::GlobalTable")
      .filter(({ properties }) =>
        JSON.stringify(properties).includes(ATTENTION_INDEX.partitionKey),
      );
    const swept = sweeps.map(({ properties, stack }) =>
      templates.behind(
        fields(fields(properties["Environment"])["Variables"])["INORDER_TABLE"],
        stack,
      ),
    );
    expect(new Set(indexed)).toEqual(new Set(swept));
    for (const { properties } of indexed) {
      expect(list(properties["GlobalSecondaryIndexes"])).toContainEqual({
        IndexName: ATTENTION_INDEX.name,
        KeySchema: [
          { AttributeName: ATTENTION_INDEX.partitionKey, KeyType: "HASH" },
          { AttributeName: ATTENTION_INDEX.sortKey, KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "KEYS_ONLY" },
      });
      expect(list(properties["AttributeDefinitions"])).toContainEqual({
        AttributeName: ATTENTION_INDEX.sortKey,
        AttributeType: "N",
      });
    }
  });

  test("a consumer asks only its producer's store for what it misses, for itself", () => {
    const environmentOf = (listed: string) =>
      Object.keys(fields(fields(deployed(listed)[0]?.properties["Environment"])["Variables"]));
    expect(environmentOf("orders/project")).toEqual(
      expect.arrayContaining(["ORDERS_TABLE", "ORDER_LIST_QUEUE_URL"]),
    );
    const [project] = deployed("orders/project");
    const role = templates.behind(project?.properties["Role"], project?.stack ?? "");
    const onOrders = allowed.filter(
      ({ owner, resources }) =>
        isPolicyOf(owner.properties["Roles"], role?.id) &&
        resources.some((one) =>
          templates.behind(one, owner.stack)?.id.startsWith("OrdersEventsTable"),
        ),
    );
    expect(onOrders.flatMap(({ actions }) => actions)).toContain("dynamodb:Query");
    expect(onOrders.flatMap(({ actions }) => actions)).not.toContain("dynamodb:PutItem");
    expect(environmentOf("orders/consume")).not.toContain("FULFILMENT_QUEUE_URL");
  });

  test("every function runs on Node.js 24, traced, within memory and time of its stage", () => {
    for (const { properties } of functions) {
      expect(properties).toMatchObject({
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        TracingConfig: { Mode: "Active" },
      });
      expect(properties["MemorySize"]).toBeGreaterThanOrEqual(512);
    }
    const long = functions.filter(({ properties }) => Number(properties["Timeout"]) > 60);
    const daily = ["outbox/reconcile", "payments/reconcile"].flatMap(deployed);
    expect(new Set(long)).toEqual(new Set(daily));
  });

  test("no two functions share a role, and no role has a policy of AWS's making", () => {
    const roles = functions.map(({ properties, stack }) =>
      templates.behind(properties["Role"], stack),
    );
    expect(new Set(roles.map((role) => `${role?.stack} ${role?.id}`)).size).toBe(functions.length);
    for (const role of roles) expect(role?.properties["ManagedPolicyArns"]).toBeUndefined();
  });

  test("every function logs to its own group, which forgets after the stage's retention", () => {
    const groups = functions.map(({ properties, stack }) =>
      templates.behind(fields(properties["LoggingConfig"])["LogGroup"], stack),
    );
    expect(new Set(groups).size).toBe(functions.length);
    for (const group of templates.ofType("AWS::Logs::LogGroup")) {
      expect(group.properties["RetentionInDays"]).toBe(stage.logRetention);
    }
  });

  test("functions are told only what the contracts name", () => {
    for (const { properties } of functions) {
      const { Variables } = fields(properties["Environment"]);
      const keys = Object.keys(fields(Variables)).filter((key) => key !== "NODE_OPTIONS");
      expect(ENV).toEqual(expect.arrayContaining(keys));
      const { STAGE = name } = fields(Variables);
      expect(STAGE).toBe(name);
    }
  });

  test("a function is told exactly what its source asks for", () => {
    for (const listed of names) {
      const source = readFileSync(join(root, "functions", `${listed}.ts`), "utf8");
      const asked = [...source.matchAll(/\bconfig\(([^)]*)\)/g)].flatMap(([, keys = ""]) =>
        [...keys.matchAll(/"(\w+)"/g)].map(([, key = ""]) => key),
      );
      if (ROUTES.some(({ entry }) => entry === listed)) asked.push(...HTTP_ENV);
      if (source.includes("orderedConsumer(")) asked.push(...CONSUMER_ENV);
      if (/claimChecks\(\)|askTheStore\(/.test(source)) asked.push("INORDER_CLAIM_CHECK_BUCKET");
      if (source.includes("sweepHandler(")) asked.push(...SWEEP_ENV);
      for (const { properties } of deployed(listed)) {
        const { Variables } = fields(properties["Environment"]);
        const told = Object.keys(fields(Variables)).filter(
          (key) => key !== "NODE_OPTIONS" && key !== "STAGE",
        );
        expect([listed, ...told.toSorted()]).toEqual([listed, ...[...new Set(asked)].toSorted()]);
      }
    }
  });

  test("no action is a wildcard, except the key's own account in a key policy", () => {
    const wild = allowed.filter(({ actions }) => actions.some((action) => action.includes("*")));
    expect(wild.filter((statement) => !isKeyOwnership(statement))).toEqual([]);
  });

  test("only actions that take no resource are granted on all of them", () => {
    const everywhere = allowed
      .filter(
        ({ owner, resources }) => owner.type.startsWith("AWS::IAM") && resources.includes("*"),
      )
      .filter(({ owner }) => !owner.id.startsWith("GatewayLogging"));
    const actions = new Set(everywhere.flatMap((statement) => statement.actions));
    expect(WITHOUT_RESOURCE).toEqual(expect.arrayContaining([...actions]));
  });

  test("only the token endpoint may sign", () => {
    const signers = allowed.filter(({ actions }) => actions.includes("kms:Sign"));
    expect(signers.map(({ owner }) => owner.id.startsWith(functionId("users/auth")))).toEqual([
      true,
    ]);
  });

  test("only those who start and look after sagas may start a run, of these machines alone", () => {
    const starters = allowed.filter(({ actions }) => actions.includes("states:StartExecution"));
    const started = starters.map(({ owner, resources }) => {
      const [name] = /^Orders(StartSaga|Http|Sagas|Tasks)/.exec(owner.id) ?? [owner.id];
      const machines = resources.map((one) => machineNamedBy(one)?.id.replace(/Machine.*/, ""));
      return `${name}: ${machines.join()}`;
    });
    const names = ["OrdersHttp", "OrdersSagas", "OrdersStartSaga"];
    const both = names.map((name) => `${name}: OrderRefund,OrderSaga`);
    expect(started.toSorted()).toEqual([...both, "OrdersTasks: OrderRefund"]);
  });

  test("a function is told exactly the resources that its role may use", () => {
    for (const { id, properties, stack } of functions) {
      const { Variables } = fields(properties["Environment"]);
      const told = Object.values(fields(Variables)).flatMap((value) => {
        const found = templates.behind(value, stack) ?? machineNamedBy(value);
        return found === undefined || found.type === "AWS::ApiGateway::RestApi" ? [] : [found];
      });
      const role = templates.behind(properties["Role"], stack);
      const granted = allowed
        .filter(({ owner }) => owner === role || isPolicyOf(owner.properties["Roles"], role?.id))
        .flatMap(({ resources }) =>
          resources.flatMap(
            (one) => templates.behind(wholeOf(one), stack) ?? machineNamedBy(one) ?? [],
          ),
        )
        .filter(({ type }) => type !== "AWS::Logs::LogGroup");
      const readByMappings = templates
        .ofType("AWS::Lambda::EventSourceMapping")
        .filter((mapping) => templates.behind(mapping.properties["FunctionName"], stack)?.id === id)
        .flatMap((mapping) => [
          templates.behind(mapping.properties["EventSourceArn"], stack),
          templates.behind(onFailure(mapping.properties["DestinationConfig"]), stack),
        ]);
      expect(new Set(granted)).toEqual(
        new Set([...told, ...readByMappings.filter((one) => one !== undefined)]),
      );
    }
  });
});

const isKeyOwnership = ({ owner, principal, actions }: Statement): boolean =>
  owner.type === "AWS::KMS::Key" &&
  actions.join() === "kms:*" &&
  JSON.stringify(principal).includes(":root");

const isPolicyOf = (roles: Parameters<typeof list>[0], roleId: string | undefined): boolean =>
  list(roles).some((role) => fields(role)["Ref"] === roleId);

const onFailure = (destinations: Parameters<typeof fields>[0]) =>
  fields(fields(destinations)["OnFailure"])["Destination"];
