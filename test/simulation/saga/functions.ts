/**
 * The saga's three functions as they are deployed, over memory and a network that may do anything.
 */
import type { z } from "zod";
import type { MetricName } from "#contracts/metrics";
import { orderTask, paymentTask, stockTask } from "#contracts/saga";
import type { Clock } from "#kernel/clock";
import type { Json } from "#kernel/json";
import { type EpochMs, seconds } from "#kernel/units";
import { taskError } from "#runtime/task-error";
import { validated } from "#runtime/validation";
import type { StockStore } from "#services/inventory/ports";
import { commitStock } from "#services/inventory/commit-stock";
import { releaseStock } from "#services/inventory/release-stock";
import { reserveStock } from "#services/inventory/reserve-stock";
import { shipStock } from "#services/inventory/ship-stock";
import type { OrderStore, ReviewTokens } from "#services/orders/ports";
import { runOrderTask } from "#services/orders/usecases/saga-steps";
import { authorisePayment } from "#services/payments/authorise-payment";
import { capturePayment } from "#services/payments/capture-payment";
import type { PaymentProvider, PaymentSteps } from "#services/payments/ports";
import { refundPayment } from "#services/payments/refund-payment";
import { voidPayment } from "#services/payments/void-payment";
import type { Invocation } from "#simulation/lambda-host";
import type { SimulatedProcess } from "#simulation/process";
import type { Remote } from "#simulation/remote";
import type { Scheduler } from "#simulation/scheduler";
import { farOrders, farSteps, farStock, farTokens } from "./far-stores.ts";
import type { SagaPlant } from "./plant.ts";
import type { ProviderWire } from "./provider-wire.ts";
import { type Machines, simulatedClient, starterOf } from "./saga-start.ts";

export const TASK_FUNCTIONS = ["OrderTasks", "StockTasks", "PaymentTasks"] as const;
export type TaskFunctionName = (typeof TASK_FUNCTIONS)[number];

/** What Lambda hands on: an answer, or an error's name and message. */
export type FunctionAnswer =
  | { readonly kind: "result"; readonly result: Json }
  | { readonly kind: "error"; readonly name: string; readonly message: string };

/** What stands behind the network. */
export type Stores = {
  readonly orders: OrderStore;
  readonly tokens: ReviewTokens;
  readonly stock: StockStore;
  readonly steps: PaymentSteps;
  readonly provider: PaymentProvider;
};

export type FunctionsOptions = {
  readonly stores: Stores;
  readonly scheduler: Scheduler;
  readonly remote: Remote;
  readonly providerWire: ProviderWire;
  readonly plant: SagaPlant;
  /** Which call these functions themselves. */
  readonly machines: () => Machines;
  readonly count: (metric: MetricName) => void;
};

/** As in every stage. */
export const TASK_TIMEOUT_MS = 15_000;
/** How much two clocks of Lambda may differ: an intent's deadline is read by another's clock. */
const PAYMENT_SKEW_MS_MAX = 2_000;
/** A function is stopped within its timeout and this. */
const LATE_STOP_MS = 700;

type Work = (invocation: Invocation<Json>) => Promise<FunctionAnswer>;

/** A cold start. */
export function startFunction(
  name: TaskFunctionName,
  process: SimulatedProcess,
  options: FunctionsOptions,
): Work {
  switch (name) {
    case "OrderTasks":
      return worked(orderFunction(process, options));
    case "StockTasks":
      return worked(stockFunction(process, options));
    case "PaymentTasks":
      return stopped(process, options.scheduler, worked(paymentFunction(process, options)));
    default:
      return name satisfies never;
  }
}

type TaskHandler = (event: Json) => Promise<Json>;

/** Its error has the name that the deployed function's has. */
const worked =
  (handler: TaskHandler): Work =>
  async ({ batch }) => {
    try {
      return { kind: "result", result: await handler(batch) };
    } catch (error) {
      const { name, message } = taskError(error);
      return { kind: "error", name, message };
    }
  };

/**
 * What an intent's deadline relies on: nothing that this function began goes on after its timeout,
 * not even in a sandbox that was frozen.
 */
const stopped =
  (process: SimulatedProcess, scheduler: Scheduler, work: Work): Work =>
  async (invocation) => {
    let isDone = false;
    scheduler.after(TASK_TIMEOUT_MS + LATE_STOP_MS, () => {
      if (!isDone) process.kill();
    });
    const answer = await work(invocation);
    isDone = true;
    return answer;
  };

function orderFunction(process: SimulatedProcess, options: FunctionsOptions): TaskHandler {
  const { remote, stores, plant } = options;
  const far = farOrders(process, remote, stores.orders);
  const store = plant.orders?.(far) ?? far;
  const tokens = farTokens(process, remote, plant.tokens?.(stores.tokens) ?? stores.tokens);
  const starter = starterOf(simulatedClient(process, remote, options.machines()));
  const telling = { tell: () => undefined, tellPostponed: () => undefined };
  return entryPoint(process.clock, orderTask, (task, now) =>
    runOrderTask({ store, tokens, starter, ...telling }, task, { now }),
  );
}

function stockFunction(process: SimulatedProcess, options: FunctionsOptions): TaskHandler {
  const stock = farStock(process, options.remote, options.stores.stock);
  return entryPoint(process.clock, stockTask, async (task, now) => {
    switch (task.step) {
      case "reserve":
        return await reserveStock(stock, task, now);
      case "commit":
        return await commitStock(stock, task, now);
      case "ship":
        return await shipStock(stock, task, now);
      case "release":
        return await releaseStock(stock, task, now);
      default:
        return task satisfies never;
    }
  });
}

function paymentFunction(process: SimulatedProcess, options: FunctionsOptions): TaskHandler {
  const { plant, providerWire, remote, stores, scheduler, count } = options;
  const far = providerWire(process, stores.provider);
  const steps = farSteps(process, remote, stores.steps);
  const ports = {
    steps: plant.steps?.(steps) ?? steps,
    provider: plant.provider?.(far) ?? far,
    intentLasting: seconds(30),
    count,
  };
  return entryPoint(nearlyRight(process.clock, scheduler), paymentTask, (task, now) => {
    switch (task.step) {
      case "authorise":
        return authorisePayment(ports, task, now);
      case "capture":
        return capturePayment(ports, task, now);
      case "void":
        return voidPayment(ports, task, plant.voidsAt?.(now) ?? now);
      case "refund":
        return refundPayment(ports, task, now);
      default:
        return task satisfies never;
    }
  });
}

/** The production entry point without its logs and traces: it checks the input. */
const entryPoint =
  <Input>(
    clock: Clock,
    schema: z.ZodType<Input>,
    handle: (task: Input, now: EpochMs) => Promise<Json>,
  ): TaskHandler =>
  async (event) =>
    handle(validated(schema, event, "The task's input"), clock.now());

const nearlyRight = (clock: Clock, { now }: Scheduler): Clock => ({
  ...clock,
  now: () =>
    Math.min(
      Math.max(clock.now(), now() - PAYMENT_SKEW_MS_MAX),
      now() + PAYMENT_SKEW_MS_MAX,
    ) as EpochMs,
});
