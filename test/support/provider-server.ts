/**
 * The simulated payment provider as a server on this machine: the routes and the onion of its
 * function behind node:http, with its charges in memory and its faults under the test's control.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import { onTestFinished } from "vitest";
import { type MemoryChargeStore, memoryChargeStore } from "#adapters/memory/charge-store";
import { memoryRecordStore } from "#adapters/memory/record-store";
import { PROVIDER_ROUTES } from "#contracts/http/provider-routes";
import { systemClock } from "#kernel/clock";
import { randomIds } from "#kernel/ids";
import { type DurationMs, seconds } from "#kernel/units";
import type { RecordStore } from "#messaging/flow/index";
import { httpFunction, type HttpHandler } from "#runtime/http-function";
import { providerRoutes } from "../../functions/provider/routes.ts";
import { gatewayEvent } from "./gateway-event.ts";

/** What the server's clock makes of it: as long as the client is there. */
const SILENCE = seconds(6);

export type Fault =
  /** The request is carried out and the connection then closed without an answer. */
  | "drops-the-answer"
  /** The connection is closed before anything happens. */
  | "drops-the-request"
  | {
      readonly status: number;
      readonly body: string;
      readonly carriedOut: boolean;
      readonly location?: string;
    };

export type ProviderServer = {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly charges: MemoryChargeStore;
  /** `METHOD path` of every request, in the order of their arrival. */
  readonly requests: readonly string[];
  /** What happens to the next requests, one after the other; afterwards all is well. */
  readonly faults: Fault[];
};

/** Serves until the test ends. Totals ending in 17 are answered only when their client has gone. */
export async function openProviderServer(): Promise<ProviderServer> {
  const charges = memoryChargeStore();
  const requests: string[] = [];
  const faults: Fault[] = [];
  const apiKey = "key-of-the-merchant";
  const kept = { charges, apiKey, settings: memoryRecordStore() };
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    void serve(request, response, handlerFor(kept, response), faults.shift());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => close(server));
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}`, apiKey, charges, requests, faults };
}

type Kept = Pick<ProviderServer, "charges" | "apiKey"> & { readonly settings: RecordStore };

function handlerFor({ charges, settings, apiKey }: Kept, response: ServerResponse): HttpHandler {
  const untilClientGone = () => new Promise<void>((gone) => response.once("close", gone));
  const sleep = (lasting: DurationMs) =>
    lasting === SILENCE ? untilClientGone() : systemClock.sleep(lasting);
  const routes = providerRoutes({
    charges,
    settings,
    apiKey: async () => apiKey,
    clock: { ...systemClock, sleep },
    newId: randomIds,
    silence: SILENCE,
    lateAnswer: SILENCE,
  });
  return httpFunction(
    { service: "provider", routes },
    { clock: systemClock, newId: randomIds, telemetry: silent },
    { around: (_name, _annotations, work) => work() },
  );
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  handler: HttpHandler,
  fault: Fault | undefined,
): Promise<void> {
  const body = await bodyOf(request);
  if (fault === "drops-the-request") {
    request.socket.destroy();
    return;
  }
  const carriedOut = typeof fault !== "object" || fault.carriedOut;
  const answer = carriedOut ? await handler(proxyEvent(request, body), context) : undefined;
  if (fault === "drops-the-answer") {
    request.socket.destroy();
    return;
  }
  const { status, text } =
    typeof fault === "object"
      ? { status: fault.status, text: fault.body }
      : { status: answer?.statusCode ?? 0, text: answer?.body ?? "" };
  const location = typeof fault === "object" && fault.location ? { location: fault.location } : {};
  response.writeHead(status, { "content-type": "application/json", ...location }).end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

function proxyEvent(request: IncomingMessage, body: string): APIGatewayProxyEvent {
  const url = new URL(request.url ?? "/", "http://provider");
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  return gatewayEvent({
    method: request.method ?? "",
    ...resourceOf(url.pathname),
    query: Object.fromEntries(url.searchParams),
    headers,
    ...(body !== "" && { body }),
  });
}

function resourceOf(path: string) {
  for (const { path: resource } of PROVIDER_ROUTES) {
    const pattern = resource.replace("{paymentId}", "(?<paymentId>[^/]+)");
    const groups = new RegExp(`^${pattern}$`).exec(path)?.groups;
    if (groups !== undefined || resource === path) {
      return { resource, parameters: { ...groups } };
    }
  }
  return { resource: path };
}

const context = {
  awsRequestId: "request-1",
  getRemainingTimeInMillis: () => 10_000,
} as Context;

const ignore = (): void => undefined;

const silent = {
  logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  correlate: ignore,
  count: ignore,
  milliseconds: ignore,
  flush: ignore,
};

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeAllConnections();
  await closed;
}
