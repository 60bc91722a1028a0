/**
 * How many requests a client has sent, by the name of the operation: what a test holds against the
 * promised number.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

export type RequestCounts = {
  /** By operation, as `UpdateItemCommand`. Cleared by `reset`. */
  readonly sent: () => Readonly<Record<string, number>>;
  reset(): void;
};

/** Counts every attempt, the client's own repetitions included. */
export function countRequests(client: DynamoDBClient): RequestCounts {
  const counts = new Map<string, number>();
  client.middlewareStack.add(
    (next, context) => (args) => {
      const name = context.commandName ?? "unknown";
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return next(args);
    },
    { step: "finalizeRequest", priority: "low", name: "countRequest" },
  );
  return { sent: () => Object.fromEntries(counts), reset: () => counts.clear() };
}
