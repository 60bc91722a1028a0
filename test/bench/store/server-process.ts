/**
 * Starts the benchmark's store as a server for as long as something is measured against it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { noticeLostAnswers } from "#adapters/aws/dynamodb/lost-answers";
import { REQUEST_LIMITS } from "#adapters/aws/request-limits";

/** A client of its own at each call, as each function has one; settings are the production's. */
export type Connect = () => DynamoDBClient;

/** The server ends when `act` does, or when this process does. */
export async function withDynamoServer<Answer>(
  act: (connect: Connect) => Promise<Answer>,
): Promise<Answer> {
  const server = spawn(process.execPath, [join(import.meta.dirname, "server.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const clients: DynamoDBClient[] = [];
  try {
    const [port] = (await once(createInterface(server.stdout), "line")) as [string];
    return await act(() => {
      const client = clientOf(`http://127.0.0.1:${port}`);
      clients.push(client);
      return client;
    });
  } finally {
    for (const client of clients) client.destroy();
    server.stdin.end();
  }
}

const clientOf = (endpoint: string): DynamoDBClient =>
  noticeLostAnswers(
    new DynamoDBClient({
      ...REQUEST_LIMITS,
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    }),
  );
