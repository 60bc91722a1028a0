// `npm run cloud`, as somebody uses it by hand: export what it prints, work, end it by Ctrl-C.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { SQSClient, CreateQueueCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";

const root = join(import.meta.dirname, "..", "..");

test("what it prints reaches it, and Ctrl-C ends it in order", async () => {
  const port = await freePort();
  const cloud = spawn(process.execPath, ["bin/cloud.ts", "--port", String(port)], { cwd: root });
  const ended = once(cloud, "exit");
  let printed = "";
  cloud.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString("utf8");
  });

  const endpoint = await eventually(() => /^export AWS_ENDPOINT_URL=(.+)$/m.exec(printed)?.[1], {
    withinMs: 30_000,
  });
  const client = new SQSClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
  });
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: "by-hand" }));
  cloud.kill("SIGINT");
  const [code] = (await ended) as [number | null];

  expect(endpoint).toBe(`http://127.0.0.1:${port}`);
  expect(QueueUrl).toContain("by-hand");
  expect(code).toBe(0);
});

test("a wrong option is refused with the usage", async () => {
  const cloud = spawn(process.execPath, ["bin/cloud.ts", "--prot", "1"], { cwd: root });
  let said = "";
  cloud.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });

  const [code] = (await once(cloud, "close")) as [number | null];

  expect(code).toBe(2);
  expect(said).toContain("--prot");
  expect(said).toContain("Usage: npm run cloud");
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}
