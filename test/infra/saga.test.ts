/**
 * The saga's definition and its stack fit each other: placeholders, times, rights.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { STAGES } from "#contracts/outputs";
import { stageNamed } from "#infra/config/stages";
import { placeholdersOf } from "#infra/constructs/saga";
import {
  emptyBundles,
  fields,
  type Json,
  statements,
  synthesise,
  temporaryFolder,
  templatesOf,
  text,
} from "./templates.ts";

const MACHINES = ["OrderSaga", "OrderRefund"] as const;
const places = STAGES.flatMap((stage) => MACHINES.map((name) => ({ stage, name })));

describe.each(places)("$name in $stage", ({ stage, name }) => {
  const templates = templatesOf(stage);
  const machines = templates.ofType("AWS::StepFunctions::StateMachine");
  const machine = machines.find(({ id }) => id.startsWith(name));
  const stack = machine?.stack ?? "";
  const definition = text(machine?.properties["DefinitionString"]);
  const substitutions = fields(machine?.properties["DefinitionSubstitutions"]);
  const functionBehind = (placeholder: Json | undefined) =>
    templates.behind(substitutions[placeholdersOf(text(placeholder))[0] ?? ""], stack);

  test("it is one of the Standard machines, traced and logged without what orders hold", () => {
    expect(machines).toHaveLength(MACHINES.length);
    expect(machine?.properties).toMatchObject({
      StateMachineType: "STANDARD",
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: "ALL", IncludeExecutionData: false },
    });
  });

  test("every placeholder is a deployed function", () => {
    expect(Object.keys(substitutions).toSorted()).toEqual(placeholdersOf(definition));
    for (const value of Object.values(substitutions)) {
      expect(templates.behind(value, stack)?.type).toBe("AWS::Lambda::Function");
    }
  });

  test("a task waits longer than its function may run", () => {
    const tasks = tasksOf(JSON.parse(definition) as Json);
    expect(tasks.length).toBeGreaterThan(0);
    for (const task of tasks) {
      const { FunctionName = task["Resource"] } = fields(task["Arguments"]);
      const timeout = functionBehind(FunctionName)?.properties["Timeout"];
      expect(task["TimeoutSeconds"]).toBeGreaterThan(Number(timeout));
    }
  });

  test("its role may invoke its tasks and no other function", () => {
    const invoking = statements(templates).filter(({ actions }) =>
      actions.includes("lambda:InvokeFunction"),
    );
    const own = invoking.filter(({ owner }) => owner.id.startsWith(`${name}Role`));
    const invoked = own.flatMap(({ resources }) =>
      resources.map((resource) => templates.behind(resource, stack)),
    );
    expect(new Set(invoked)).toEqual(
      new Set(Object.values(substitutions).map((value) => templates.behind(value, stack))),
    );
  });
});

test("a definition that names a function nobody deploys is refused with its name", () => {
  const root = temporaryFolder();
  mkdirSync(join(root, "stepfunctions"));
  writeFileSync(
    join(root, "stepfunctions", "order-saga.asl.json"),
    JSON.stringify({ States: { Ship: { Type: "Task", Resource: "${ShipmentTasks}" } } }),
  );

  const made = () => synthesise({ stage: stageNamed("dev"), root, bundles: emptyBundles() });

  expect(made).toThrow(
    /placeholders without a function: ShipmentTasks; functions without a placeholder: OrderTasks/,
  );
});

/** Of all levels: maps and parallels hold states of their own. */
function tasksOf(value: Json): readonly ReturnType<typeof fields>[] {
  if (Array.isArray(value)) return value.flatMap(tasksOf);
  const here = fields(value);
  const below = Object.values(here).flatMap(tasksOf);
  return here["Type"] === "Task" ? [here, ...below] : below;
}
