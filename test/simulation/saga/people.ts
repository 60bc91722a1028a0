/**
 * Those who ask something of an order while its saga runs: customers who cancel it or want money
 * back, staff who decide about its review, operators and the watchdog. Each request is the
 * production use case in a process of its own, over the same network; whoever hears no answer asks
 * again.
 */
import { stepFunctionsCallbacks } from "#adapters/aws/stepfunctions/saga-callbacks";
import { isFailure } from "#kernel/failure";
import type { OrderWatch } from "#services/orders/ports";
import { type Change, changeOrder, type ChangePorts } from "#services/orders/usecases/change-order";
import type { OrderMoment } from "#services/orders/usecases/decide-order";
import { requestRefund } from "#services/orders/usecases/pay-back";
import { retrySaga } from "#services/orders/usecases/repair-sagas";
import { watchOrders } from "#services/orders/usecases/watch-orders";
import { type SimulatedProcess, simulatedProcess } from "#simulation/process";
import type { Remote } from "#simulation/remote";
import type { Scheduler } from "#simulation/scheduler";
import { farOrders, farTokens } from "./far-stores.ts";
import type { Stores } from "./functions.ts";
import type { SagaPlant } from "./plant.ts";
import { type Machines, simulatedClient, starterOf } from "./saga-start.ts";

export type PeopleOptions = {
  readonly scheduler: Scheduler;
  readonly remote: Remote;
  readonly stores: Pick<Stores, "orders" | "tokens">;
  readonly machines: Machines;
  readonly watch: OrderWatch;
  readonly plant: SagaPlant;
  readonly reach: (branch: string) => void;
};

export type People = {
  cancel(orderId: string): void;
  decide(orderId: string, decision: "approved" | "declined"): void;
  refund(orderId: string, amount: number, key: string): void;
  retry(orderId: string, refundId: string | undefined): void;
  lookAfter(): void;
};

const ANSWER_MS_MAX = 20_000;
const AGAIN_MS = 2_000;
const TRIES_MAX = 40;
const by = { author: "somebody", reason: "has one" };

type Ask = (ports: ChangePorts, moment: OrderMoment) => Promise<unknown>;

export function people(options: PeopleOptions): People {
  const { scheduler, watch, reach } = options;
  let requests = 0;

  /** Until it is answered or refused for good. */
  const ask = (what: string, request: Ask, triesMax = TRIES_MAX): void => {
    requests += 1;
    const process = simulatedProcess(scheduler, `${what}-${requests}`);
    let isOver = false;
    const again = (): void => {
      if (isOver) return;
      isOver = true;
      process.kill();
      if (triesMax > 1) scheduler.after(AGAIN_MS, () => ask(what, request, triesMax - 1));
    };
    const settle = (branch: string): void => {
      if (!isOver) reach(branch);
      isOver = true;
    };
    scheduler.after(ANSWER_MS_MAX, again);
    request(portsOf(process, options), { now: process.clock.now() }).then(
      () => settle(`${what}-done`),
      (error: unknown) => {
        if (isFailure(error) && error.action === "reject") settle(`${what}-${error.code}`);
        else again();
      },
    );
  };
  const change = (what: string, wanted: (moment: OrderMoment) => Change): void =>
    ask(what, (ports, moment) => changeOrder(ports, wanted(moment), moment));

  return {
    cancel: (orderId) =>
      change("cancel", () => ({
        orderId,
        asker: { kind: "customer", id: "ann" },
        command: { type: "request-cancel", ...by },
      })),
    decide: (orderId, decision) =>
      change("review", ({ now }) => ({
        orderId,
        asker: { kind: "staff" },
        command: { type: "decide-review", decision, now, ...by },
      })),
    refund: (orderId, amount, idempotencyKey) =>
      ask("refund", (ports, moment) =>
        requestRefund(
          ports,
          { orderId, amount, idempotencyKey, route: "POST refunds", ...by },
          moment,
        ),
      ),
    retry: (orderId, refundId) =>
      ask("repair", (ports, moment) =>
        retrySaga(
          ports,
          { orderId, ...(refundId === undefined ? {} : { refundId }), ...by },
          moment,
        ),
      ),
    // The clock calls it again anyway.
    lookAfter: () =>
      ask(
        "watchdog",
        (ports, moment) =>
          watchOrders({ ...ports, watch, tellLate: () => reach("watchdog-late") }, moment),
        1,
      ),
  };
}

function portsOf(process: SimulatedProcess, options: PeopleOptions): ChangePorts {
  const { remote, stores, machines, plant, reach } = options;
  const client = simulatedClient(process, remote, machines);
  const ports: ChangePorts = {
    store: farOrders(process, remote, stores.orders),
    tokens: farTokens(process, remote, stores.tokens),
    starter: starterOf(client),
    callbacks: stepFunctionsCallbacks(client),
    tell: (_orderId, { kind }) => reach(`people-${kind}`),
    tellWoken: (_orderId, end) => reach(`callback-${end}`),
    tellPostponed: () => reach("start-postponed"),
  };
  return plant.people?.(ports) ?? ports;
}
