/**
 * The benchmark's store behind HTTP, as DynamoDB answers (AWS JSON 1.0). A process of its own, so
 * that its CPU is nobody's; it prints its port and ends with whoever started it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { benchTable, type Input, type Operation, Refusal } from "./table.ts";

const DONE = 200;
const REFUSED = 400;
const NAMESPACE = "com.amazonaws.dynamodb.v20120810#";

const table = benchTable();

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => answer(request, Buffer.concat(parts).toString(), response));
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.stdin.on("end", () => process.exit(0)).resume();

function answer(request: IncomingMessage, body: string, response: ServerResponse): void {
  const operation = String(request.headers["x-amz-target"]).split(".").at(-1) as Operation;
  try {
    reply(response, DONE, table.answer(operation, JSON.parse(body) as Input));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    reply(response, REFUSED, { __type: `${NAMESPACE}${error.code}`, ...error.body });
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.0",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
