/**
 * One order's way through the system, as its customer and its carrier make it go: place, wait for
 * the saga's end, report what happened outside, wait until everything is applied.
 */
import type { OrderView, PlaceOrderBody } from "#contracts/http/orders";
import type { FulfilmentBody } from "#contracts/http/webhooks";
import type { Clock } from "#kernel/clock";
import { Failure, isFailure } from "#kernel/failure";
import { sha256Hex } from "#kernel/hash";
import { isoInstant } from "#kernel/units";
import type { Turnstile } from "./concurrency.ts";
import type { Report } from "./fulfilment.ts";
import type { PlannedOrder } from "./plan.ts";
import type { SendSchedule } from "./send-schedule.ts";
import type { ShopApi } from "./shop-api.ts";
import { type Pace, type WaitSettings, waitUntil } from "./wait-until.ts";

export type OrderRun = {
  readonly orderId: string;
  /** The ids that placing it answered: one, however often it was placed. */
  readonly placedIds: ReadonlySet<string>;
};

export type OrderRunPorts = {
  readonly api: ShopApi;
  readonly clock: Clock;
  readonly schedule: SendSchedule;
  readonly wait: WaitSettings;
  /** How long sagas and the last report's way take, as this run has seen them so far. */
  readonly paces: { readonly saga: Pace; readonly reports: Pace };
  /** Bounds how many sagas run at the same time. */
  readonly sagas: Turnstile;
  /** Makes the keys of this run its own, so that the same orders may be replayed again. */
  readonly salt: string;
};

/**
 * Throws `Failure`, naming the order: what the API throws, and `unexpected` (halt) when it is
 * stuck.
 */
export async function runOrder(ports: OrderRunPorts, planned: PlannedOrder): Promise<OrderRun> {
  ports.schedule.expect();
  let expected = true;
  const noLonger = (): void => {
    if (expected) ports.schedule.dismiss();
    expected = false;
  };
  try {
    const { placedIds, orderId, ended } = await ports.sagas(async () => {
      const ids = await place(ports, planned);
      const [id = ""] = ids;
      return { placedIds: ids, orderId: id, ended: await sagaEnd(ports, planned, id) };
    });
    if (ended.status === "rejected") return { orderId, placedIds };
    expected = false;
    await ports.schedule.add(planned.sendings, async ({ sequence }) => {
      const report = planned.reports[sequence - 1];
      if (report !== undefined) await send(ports, orderId, report);
    });
    await allApplied(ports, planned, orderId);
    return { orderId, placedIds };
  } catch (error) {
    throw aboutOrder(planned, error);
  } finally {
    noLonger();
  }
}

async function place(
  { api, salt }: OrderRunPorts,
  { source, lines, placing }: PlannedOrder,
): Promise<ReadonlySet<string>> {
  const key = sha256Hex(`${salt}/${source.externalReference}`).slice(0, 32);
  const body: PlaceOrderBody = {
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    externalReference: source.externalReference,
    placedAt: isoInstant(source.purchasedAt),
  };
  const once = (): Promise<string> => api.place(key, body);
  switch (placing) {
    case "once":
      return new Set([await once()]);
    case "again":
      return new Set([await once(), await once()]);
    case "twins":
      return new Set(await Promise.all([once(), once()]));
    default:
      return placing satisfies never;
  }
}

async function sagaEnd(
  { api, clock, wait, paces }: OrderRunPorts,
  planned: PlannedOrder,
  orderId: string,
): Promise<OrderView> {
  const { held, seen } = await waitUntil(
    { clock, settings: wait, pace: paces.saga },
    () => api.order(orderId),
    ({ status }) => status !== "placed",
  );
  if (held) return seen;
  throw stuck(planned, orderId, wait, "its saga has not ended: it still is placed");
}

async function allApplied(
  { api, clock, wait, paces }: OrderRunPorts,
  planned: PlannedOrder,
  orderId: string,
): Promise<void> {
  const { reports, poison } = planned;
  const wanted = reports.length;
  const behind = poison === undefined ? 0 : wanted - poison.sequence + 1;
  const { held, seen } = await waitUntil(
    { clock, settings: wait, pace: paces.reports },
    () => api.order(orderId),
    // A halted order gets no further by waiting, but what it was sent has to have come; the judge
    // will say what is wrong with an order that should not be halted.
    ({ fulfilment: { lastSequence, status, parked } }) =>
      lastSequence >= wanted || (status === "halted" && parked >= behind),
  );
  if (held) return;
  const { lastSequence, parked } = seen.fulfilment;
  const state = `report ${lastSequence} of ${wanted} was applied last, ${parked} are parked`;
  throw stuck(planned, orderId, wait, state);
}

function send({ api }: OrderRunPorts, orderId: string, report: Report): Promise<void> {
  const { sequence } = report;
  const body: FulfilmentBody =
    report.type === "final-status"
      ? { orderId, sequence, type: report.type, status: report.status }
      : { orderId, sequence, type: report.type, occurredAt: isoInstant(report.occurredAt) };
  return api.report(`msg_${orderId}_${sequence}`, body);
}

function stuck(
  { source }: PlannedOrder,
  orderId: string,
  { limitMs }: WaitSettings,
  state: string,
): Failure {
  return new Failure(
    "unexpected",
    "halt",
    `order ${orderId} (${source.externalReference}) is stuck: after ${limitMs / 1000} s ${state}`,
  );
}

function aboutOrder({ source }: PlannedOrder, error: unknown): unknown {
  if (!isFailure(error) || error.message.includes(source.externalReference)) return error;
  const message = `order ${source.externalReference}: ${error.message}`;
  return new Failure(error.code, error.action, message, { cause: error });
}
