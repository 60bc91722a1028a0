// Health as a load balancer asks for it: what is told, for how long, and by when.
import { beforeEach, expect, test } from "vitest";
import { orderIdField, skuField } from "#contracts/http/fields";
import { problemSchema } from "#contracts/http/problem";
import { PROBED_KEY } from "#contracts/item-prefixes";
import { registerClient } from "#contracts/operator";
import type { Clock } from "#kernel/clock";
import { type DurationMs, type EpochMs, milliseconds, seconds } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import type { Probe } from "#services/gateway/ports";
import { readiness } from "#services/gateway/readiness";
import { healthRoutes } from "../../../functions/gateway/health-routes.ts";
import {
  countedSurroundings,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";

const noon = 1_700_000_000_000;

let now = noon;
let looks: string[];

beforeEach(() => {
  now = noon;
  looks = [];
});

const probe = (name: string, found: () => Promise<void> = async () => {}): Probe => ({
  name,
  look() {
    looks.push(name);
    return found();
  },
});

/** Sleeps no time, or until it is told to stop. */
const clockThat = (limitIsOver: boolean): Clock => ({
  now: () => now as EpochMs,
  sleep: (_lasting: DurationMs, until?: AbortSignal) =>
    limitIsOver
      ? Promise.resolve()
      : new Promise((resolve) => until?.addEventListener("abort", () => resolve())),
});

function asked(probes: readonly Probe[], limitIsOver = false) {
  const options = { freshFor: seconds(5), limit: milliseconds(1_500) };
  const isReady = readiness({ probes, clock: clockThat(limitIsOver), ...options });
  const handler = httpFunction(
    { service: "gateway", routes: healthRoutes(isReady) },
    countedSurroundings(noon as EpochMs),
    untraced,
  );
  return (resource: string) => handler(gatewayEvent({ method: "GET", resource }), lambdaContext());
}

test("both are told for some seconds, and live asks nobody", async () => {
  const get = asked([probe("orders"), probe("stock")]);

  const live = await get("/health/live");
  expect(looks).toEqual([]);
  const ready = await get("/health/ready");

  expect([live, ready]).toMatchObject([
    { statusCode: 200, headers: { "cache-control": "public, max-age=5" } },
    { statusCode: 200, headers: { "cache-control": "public, max-age=5" } },
  ]);
  expect(JSON.parse(live.body)).toEqual({ status: "live" });
  expect(JSON.parse(ready.body)).toEqual({ status: "ready" });
  expect(looks).toEqual(["orders", "stock"]);
});

test("a table that cannot be read is a 503 that names nothing", async () => {
  const refused = () => Promise.reject(new Error("AccessDenied on inorder-prod-secret-name"));

  const answer = await asked([probe("orders"), probe("stock-table", refused)])("/health/ready");

  expect(answer).toMatchObject({ statusCode: 503, headers: { "retry-after": "1" } });
  expect(answer.headers?.["cache-control"]).toBe("no-store");
  expect(problemSchema.parse(JSON.parse(answer.body)).type).toBe(
    "urn:inorder:problem:store-unavailable",
  );
  expect(answer.body).not.toMatch(/stock|secret|Denied/);
});

test("a table that never answers is not waited for, and its read is given up", async () => {
  let until: AbortSignal | undefined;
  const silent: Probe = {
    name: "orders",
    look: (signal) => {
      until = signal;
      return new Promise(() => {});
    },
  };

  const answer = await asked([silent], true)("/health/ready");

  expect(problemSchema.parse(JSON.parse(answer.body))).toMatchObject({
    type: "urn:inorder:problem:store-unavailable",
    status: 503,
  });
  expect(until?.aborted).toBe(true);
});

test("good or bad, it is found once in five seconds, also for those who ask together", async () => {
  let isDown = true;
  const get = asked([
    probe("orders", () => (isDown ? Promise.reject(new Error("down")) : Promise.resolve())),
  ]);

  const together = await Promise.all([get("/health/ready"), get("/health/ready")]);
  isDown = false;
  now = noon + 4_999;
  const soon = await get("/health/ready");
  now = noon + 5_000;
  const then = await get("/health/ready");

  expect(together.map(({ statusCode }) => statusCode)).toEqual([503, 503]);
  expect([soon.statusCode, then.statusCode]).toEqual([503, 200]);
  expect(looks).toEqual(["orders", "orders"]);
});

test("the item that is looked for can be no product, no order and no client", () => {
  const { clientId } = registerClient.shape;

  const named = [skuField, orderIdField, clientId].map(
    (field) => field.safeParse(PROBED_KEY).success,
  );

  expect(named).toEqual([false, false, false]);
});
