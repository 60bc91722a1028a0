/**
 * The benchmark's store as the SDK client that both sides are given: nothing of the SDK runs, so
 * that a library's own cost is seen.
 */
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { systemClock } from "#kernel/clock";
import { milliseconds } from "#kernel/units";
import { type BenchTable, type Input, type Operation, Refusal } from "./table.ts";

const OPERATIONS = new Map<unknown, Operation>([
  [GetItemCommand, "GetItem"],
  [PutItemCommand, "PutItem"],
  [UpdateItemCommand, "UpdateItem"],
  [DeleteItemCommand, "DeleteItem"],
  [BatchGetItemCommand, "BatchGetItem"],
  [QueryCommand, "Query"],
  [TransactWriteItemsCommand, "TransactWriteItems"],
]);

/** @param latencyMs of every request; 0: answered in the same turn of the event loop. */
export function memoryClient(table: BenchTable, latencyMs = 0): DynamoDBClient {
  const lasting = milliseconds(latencyMs);
  const send = async (command: { readonly input: unknown }): Promise<unknown> => {
    const operation = OPERATIONS.get(command.constructor);
    if (operation === undefined) throw new Error("A command that the benchmark does not know");
    if (latencyMs > 0) await systemClock.sleep(lasting);
    try {
      return table.answer(operation, command.input as Input);
    } catch (error) {
      throw error instanceof Refusal ? exceptionOf(error) : error;
    }
  };
  // Powertools looks for these before it believes that this is a client.
  const middlewareStack = { identify: () => [], addRelativeTo: () => undefined };
  return { config: {}, middlewareStack, send } as unknown as DynamoDBClient;
}

function exceptionOf({ code, message, body }: Refusal): Error {
  const options = { message, $metadata: {}, ...body };
  return code === "ConditionalCheckFailedException"
    ? new ConditionalCheckFailedException(options)
    : new TransactionCanceledException(options);
}
