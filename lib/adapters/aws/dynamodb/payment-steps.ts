/**
 * Payment steps in DynamoDB: one item per order and step, whose version fences every write.
 *
 *     order#<id>    step#authorise | step#capture | step#refund:<refund id>
 *                   version, kind and the fields of that kind
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type {
  PaymentState,
  PaymentStep,
  PaymentSteps,
  StepKey,
  VersionedStep,
} from "#services/payments/ports";
import { storeFailure } from "./failures.ts";
import { refusedConditions } from "./refused-transaction.ts";

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

    async write(key, step, expectedVersion, beside = {}) {
      const put = putStep(table, key, { step, version: expectedVersion });
      if (beside.step === undefined) return await writeOne(client, put);
      const other = putStep(table, { ...key, step: beside.step.name }, beside.step);
      return await writeAll(client, [put, other]);
    },
  };
}

async function writeOne(client: DynamoDBClient, put: PutItemCommandInput): Promise<boolean> {
  return await client.send(new PutItemCommand(put)).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw storeFailure(error);
    },
  );
}

async function writeAll(
  client: DynamoDBClient,
  puts: readonly PutItemCommandInput[],
): Promise<boolean> {
  const command = new TransactWriteItemsCommand({ TransactItems: puts.map((Put) => ({ Put })) });
  return await client.send(command).then(
    () => true,
    (error: unknown) => {
      refusedConditions(error);
      return false;
    },
  );
}

const putStep = (table: string, key: StepKey, { step, version }: VersionedStep) => ({
  TableName: table,
  Item: marshall({ ...itemKey(key), ...step, version: version + 1 }),
  ...versionIs(version),
});

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
  const { kind, deadline, paymentId, status, amount, currency, settled, refunding } = item;
  const money = { amount: Number(amount), currency: String(currency) };
  switch (kind) {
    case "intent":
      return {
        kind,
        deadline: Number(deadline) as EpochMs,
        ...money,
        ...(item["isRefused"] === true ? { isRefused: true } : {}),
      };
    case "done":
      return {
        kind,
        paymentId: String(paymentId),
        status: status as PaymentState,
        ...money,
        ...(refunding === undefined ? {} : { refunding: Number(refunding) }),
      };
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
