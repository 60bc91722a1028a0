/**
 * Starts the saga of every order that has been placed: the one consumer that calls somebody else.
 * Step Functions knows a run by its name, the order's id, so a call whose answer was lost is made
 * again without a second run.
 */
import { sagaInput } from "#contracts/saga";
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import type { DurationMs } from "#kernel/units";
import type { ExternalHandler, Message } from "#messaging";
import type { OrderEvent } from "../domain/events.ts";
import { sagaRun } from "../domain/runs.ts";
import { startRun, type StartPorts } from "./start-runs.ts";

export type StartSagasPorts = StartPorts & { readonly clock: Pick<Clock, "now"> };

/**
 * Its message is done with as soon as the order has a run, whatever that came to: delivering it
 * again would start none. `call` throws `Failure`: `malformed-message` (halt) for what begins no
 * saga, and what starter and store throw.
 */
export const sagaStartHandler = (ports: StartSagasPorts, leaseMs: DurationMs): ExternalHandler => ({
  kind: "external",
  leaseMs,
  async call(message) {
    const orderId = placedOrder(message);
    await startRun(ports, orderId, sagaRun(orderId, 0), { now: ports.clock.now() });
  },
});

const PLACED: OrderEvent["type"] = "order.placed";

function placedOrder({ id, type, stream }: Message): string {
  if (type !== PLACED) throw malformed(id, `its type is ${type}; a saga begins with ${PLACED}`);
  const input = sagaInput.safeParse({ orderId: stream, run: 0 });
  if (input.success) return input.data.orderId;
  throw malformed(id, `its partition key ${JSON.stringify(stream)} is not an order id`);
}

const malformed = (id: string, why: string): Failure =>
  new Failure("malformed-message", "halt", `message ${id} begins no saga: ${why}`);
