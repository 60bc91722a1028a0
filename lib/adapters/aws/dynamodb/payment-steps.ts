/**
 * Payment steps in DynamoDB: one item per order and step, whose version fences every write.
 *
 *     order#<id>    step#authorise | step#capture    version, kind and the fields of that kind
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { PaymentState, PaymentStep, PaymentSteps, StepKey } from "#services/payments/ports";
import { storeFailure } from "./failures.ts";

export type PaymentStepsProps = { readonly client: DynamoDBClient; readonly table: string };

/**
 * Errors: as `storeFailure` maps them; `unexpected` (halt) for an item that no step can have
 * written.
 */
export function dynamoPaymentSteps({ client, table }: PaymentStepsProps): PaymentSteps {
  return {
    async read(key) {
      const { Item } = await client
        .send(
          new GetItemCommand({
            TableName: table,
            Key: marshall(itemKey(key)),
            ConsistentRead: true,
          }),
        )
        .catch((error: unknown) => {
          throw storeFailure(error);
        });
      if (Item === undefined) return undefined;
      const item = unmarshall(Item);
      return { step: stepOf(item), version: Number(item["version"]) };
    },

    async write(key, step, expectedVersion) {
      const command = new PutItemCommand({
        TableName: table,
        Item: marshall({ ...itemKey(key), ...step, version: expectedVersion + 1 }),
        ...versionIs(expectedVersion),
      });
      return await client.send(command).then(
        () => true,
        (error: unknown) => {
          if (error instanceof ConditionalCheckFailedException) return false;
          throw storeFailure(error);
        },
      );
    },
  };
}

const itemKey = ({ orderId, step }: StepKey) => ({ pk: `order#${orderId}`, sk: `step#${step}` });

const versionIs = (version: number) =>
  version === 0
    ? { ConditionExpression: "attribute_not_exists(pk)" }
    : {
        ConditionExpression: "#version = :version",
        ExpressionAttributeNames: { "#version": "version" },
        ExpressionAttributeValues: marshall({ ":version": version }),
      };

function stepOf(item: Readonly<Record<string, unknown>>): PaymentStep {
  const { kind, deadline, paymentId, status, amount, currency, settled } = item;
  const money = { amount: Number(amount), currency: String(currency) };
  switch (kind) {
    case "intent":
      return { kind, deadline: Number(deadline) as EpochMs, ...money };
    case "done":
      return { kind, paymentId: String(paymentId), status: status as PaymentState, ...money };
    case "tombstone":
      return {
        kind,
        ...(typeof paymentId === "string" ? { paymentId } : {}),
        ...(deadline === undefined ? {} : { deadline: Number(deadline) as EpochMs }),
        settled: settled === true,
      };
    default:
      throw new Failure("unexpected", "halt", `The step ${String(item["pk"])} cannot be read.`);
  }
}
