/**
 * One attempt at one delivery. What the receiver did is recorded; where the attempt has to be made
 * again the stream halts, so that everything behind it waits parked, until the retry is due and a
 * control message lets it go on (`request-retries.ts`).
 */
import { deliveryDue, type DeliveryDue } from "#contracts/events/webhook-events";
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import type { DurationMs } from "#kernel/units";
import { type ExternalHandler, failureOf, type Message } from "#messaging";
import {
  afterAttempt,
  type ClosedBecause,
  closed,
  type Delivery,
  isOver,
  isTest,
} from "./domain/delivery.ts";
import { type DisabledBecause, disabledFor, type WebhookEndpoint } from "./domain/endpoint.ts";
import { ATTEMPTS_MAX, FAILING_MAX } from "./domain/retry-schedule.ts";
import { formerAt } from "./domain/signing-secrets.ts";
import type { DeliveryStore, DueDelivery, EndpointStore, WebhookSender } from "./ports.ts";

export type AttemptTold =
  | { readonly kind: "attempted"; readonly delivery: Delivery }
  | { readonly kind: "closed"; readonly delivery: Delivery }
  | { readonly kind: "disabled"; readonly endpointId: string; readonly because: DisabledBecause }
  /** Its lane halts, and no retry is due that would let it go on: somebody has to. */
  | { readonly kind: "stuck"; readonly lane: string; readonly failure: Failure };

export type DeliverPorts = {
  readonly deliveries: Omit<DeliveryStore, "find" | "page">;
  readonly endpoints: Pick<EndpointStore, "save">;
  readonly sender: WebhookSender;
  readonly clock: Pick<Clock, "now">;
  /** Answers a number in [0, 1). */
  readonly random: () => number;
  /** Must not throw. */
  readonly tell: (told: AttemptTold) => void;
  /** Of the consumer: failures that pass after which it halts the stream. */
  readonly attemptsMax: number;
};

/**
 * `call` throws `Failure`: `receiver-unavailable` (halt) where the attempt is to be made again,
 * `malformed-message` (halt), `conflict` (retry) where another attempt was recorded meanwhile, and
 * what the stores throw.
 */
export const deliveryHandler = (ports: DeliverPorts, leaseMs: DurationMs): ExternalHandler => ({
  kind: "external",
  leaseMs,
  async call(message, { attempt: times }) {
    try {
      await deliver(ports, message);
    } catch (error) {
      const failure = failureOf(error);
      const halts = failure.action !== "retry" || times >= ports.attemptsMax;
      if (halts && failure.code !== WAITS) {
        ports.tell({ kind: "stuck", lane: message.stream, failure });
      }
      throw failure;
    }
  },
});

async function deliver(ports: DeliverPorts, message: Message): Promise<void> {
  const due = dueOf(message);
  const found = await ports.deliveries.due(due);
  const { delivery } = found;
  // Its time in the log is over, another round has begun, or its end is recorded already.
  if (delivery === undefined || delivery.round !== due.round || isOver(delivery)) return;
  const because = closedBefore(found);
  if (because !== undefined) return close(ports, delivery, because);
  await attempt(ports, delivery, found);
}

function closedBefore({ endpoint, secrets }: DueDelivery): ClosedBecause | undefined {
  if (endpoint === undefined || secrets === undefined) return "endpoint-deleted";
  if (endpoint.disabled === undefined) return undefined;
  return endpoint.disabled === "gone" ? "endpoint-gone" : "endpoint-disabled";
}

async function close(ports: DeliverPorts, delivery: Delivery, because: ClosedBecause) {
  const ended = closed(delivery, because);
  await record(ports, ended, delivery);
  ports.tell({ kind: "closed", delivery: ended });
}

async function attempt(ports: DeliverPorts, before: Delivery, found: DueDelivery): Promise<void> {
  const { endpoint, secrets, failingSince } = found;
  if (endpoint === undefined || secrets === undefined) return;
  const sent = await ports.sender.send({
    url: endpoint.url,
    id: before.deliveryId,
    body: before.body,
    secret: secrets.secret,
    formerSecrets: formerAt(secrets, ports.clock.now()),
  });
  const delivery = afterAttempt(before, sent, ports.random);
  // Cleared first: a mark that outlives a success would disable the endpoint for one failure.
  if (delivery.status === "delivered" && failingSince !== undefined) {
    await ports.deliveries.failing(endpoint.endpointId, undefined);
  }
  await record(ports, delivery, before);
  ports.tell({ kind: "attempted", delivery });
  if (delivery.status === "delivered") return;
  if (sent.outcome === "gone") return disable(ports, endpoint, "gone");
  // A test that fails is its owner at work: nothing that he waits for has failed.
  if (isTest(delivery)) return;
  await countFailure(ports, endpoint, found);
  if (delivery.status === "retrying") throw waits(delivery);
}

async function countFailure(
  ports: DeliverPorts,
  endpoint: WebhookEndpoint,
  { failingSince }: DueDelivery,
): Promise<void> {
  const now = ports.clock.now();
  if (failingSince === undefined) return ports.deliveries.failing(endpoint.endpointId, now);
  if (now - failingSince >= FAILING_MAX) await disable(ports, endpoint, "failing");
}

/** Where its owner has just changed it, the next attempt finds out whether that helped. */
async function disable(
  { endpoints, deliveries, clock, tell }: DeliverPorts,
  endpoint: WebhookEndpoint,
  because: DisabledBecause,
): Promise<void> {
  const now = clock.now();
  if ((await endpoints.save(disabledFor(endpoint, because, now))) !== "saved") return;
  tell({ kind: "disabled", endpointId: endpoint.endpointId, because });
  await deliveries.hasten(endpoint.endpointId, now);
}

async function record({ deliveries }: DeliverPorts, delivery: Delivery, before: Delivery) {
  if (await deliveries.record(delivery, before)) return;
  throw new Failure("conflict", "retry", `${delivery.deliveryId} was attempted by another.`);
}

function dueOf({ id, data }: Message): DeliveryDue {
  const due = deliveryDue.safeParse(data);
  if (due.success) return due.data;
  throw new Failure("malformed-message", "halt", `Message ${id} names no delivery.`);
}

const WAITS = "receiver-unavailable";

const waits = ({ deliveryId, tries }: Delivery): Failure =>
  new Failure(
    WAITS,
    "halt",
    `Attempt ${tries} of ${ATTEMPTS_MAX} at ${deliveryId} failed; it is made again when it is due.`,
  );
