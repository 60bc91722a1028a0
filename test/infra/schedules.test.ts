/**
 * What a clock calls: sweeps, workers and comparisons, each by a role that may call it alone.
 */
import { describe, expect, test } from "vitest";
import { STAGES } from "#contracts/outputs";
import { stageNamed } from "#infra/config/stages";
import { fields, statements, templatesOf, text } from "./templates.ts";

describe.each(STAGES)("in %s", (name) => {
  const templates = templatesOf(name);
  const stage = stageNamed(name);
  const allowed = statements(templates).filter(({ effect }) => effect === "Allow");

  test("each runs as often as its row says, where a stage has schedules", () => {
    const schedules = templates.ofType("AWS::Scheduler::Schedule");
    const targets = schedules.map(({ properties, stack }) => {
      const { Arn, RoleArn, RetryPolicy } = fields(properties["Target"]);
      const target = templates.behind(Arn, stack);
      const role = templates.behind(RoleArn, stack);
      const may = allowed.filter(({ owner, principal }) => owner === role && principal === null);
      expect(may.map(({ actions, resources }) => [actions, resources])).toEqual([
        [["lambda:InvokeFunction"], [Arn]],
      ]);
      expect(fields(RetryPolicy)["MaximumRetryAttempts"]).toBe(0);
      const every = text(properties["ScheduleExpression"]);
      return `${target?.id.replace(/Function.*/, "")} ${every}`;
    });
    const expected = [
      "InventoryExpire rate(1 minute)",
      "OrdersConsumeSweep rate(1 minute)",
      "OrdersProjectSweep rate(1 minute)",
      "OrdersSagas rate(1 minute)",
      "OrdersStartSagaSweep rate(1 minute)",
      "OutboxReconcile rate(1440 minutes)",
      "PaymentsReconcile rate(60 minutes)",
      "ProductsCountBasketsSweep rate(1 minute)",
      "WebhooksDeliverSweep rate(1 minute)",
      "WebhooksPlanSweep rate(1 minute)",
      "WebhooksRetry rate(1 minute)",
    ];
    expect(targets.toSorted()).toEqual(stage.features.schedules ? expected : []);
  });
});
