/**
 * Webhooks out: the function that talks to strangers reaches no more than it has to.
 */
import { describe, expect, test } from "vitest";
import { STAGES } from "#contracts/outputs";
import { fields, list, type Resource, statements, templatesOf, wholeOf } from "./templates.ts";

describe.each(STAGES)("in %s", (name) => {
  const templates = templatesOf(name);
  const allowed = statements(templates).filter(({ effect }) => effect === "Allow");

  test("what sends webhooks to strangers reaches its own table and queues, and no order", () => {
    const [sender] = templates
      .ofType("AWS::Lambda::Function")
      .filter(({ id }) => id.startsWith("WebhooksDeliverConsumer"));
    const role = templates.behind(sender?.properties["Role"], sender?.stack ?? "");
    const reached = allowed
      .filter(({ owner }) => isPolicyOf(owner, role?.id))
      .flatMap(({ owner, resources }) =>
        resources
          // Of traces, whose actions take nothing else.
          .filter((one) => one !== "*")
          .map((one) =>
            templates.behind(wholeOf(one), owner.stack)?.id.replace(/[0-9A-F]{8}$/, ""),
          ),
      );
    expect(new Set(reached)).toEqual(
      new Set([
        "WebhooksEventsTable",
        "WebhookDeliveryDeadLetters",
        "WebhookDeliveryQueue",
        "ClaimChecksBucket",
      ]),
    );
    const { WEBHOOK_TARGETS } = fields(fields(sender?.properties["Environment"])["Variables"]);
    expect(WEBHOOK_TARGETS).toBe(name === "local" ? "public-and-loopback" : "public");
  });
});

const isPolicyOf = ({ properties }: Resource, roleId: string | undefined): boolean =>
  list(properties["Roles"]).some((role) => fields(role)["Ref"] === roleId);
