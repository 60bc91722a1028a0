/**
 * What has left the warehouse, as carriers report it of orders: a batch without order, in which the
 * same may come twice. Each order's units are shipped once, by the hold's own status.
 */
import { orderEventSchemas } from "#contracts/events/order-events";
import { LEFT_STATUSES, ORDER_ID } from "#contracts/order-words";
import { Failure } from "#kernel/failure";
import { decode, type QueueRecord } from "#messaging";

export type HandOverPorts = {
  /** Repeatable. */
  readonly ship: (orderId: string) => Promise<unknown>;
  /** Must not throw. */
  readonly warn: (message: string, fields: { readonly error: unknown }) => void;
};

/** Answers the receipts of what has to come again; in the end its queue gives it up. */
export const handOvers =
  ({ ship, warn }: HandOverPorts) =>
  async (records: readonly QueueRecord[]): Promise<{ readonly notDurable: readonly string[] }> => {
    const shipped = new Map<string, Promise<unknown>>();
    const ends = records.map(async (record) => {
      try {
        const orderId = leftOrder(record);
        if (orderId === undefined) return [];
        const shipping = shipped.get(orderId) ?? ship(orderId);
        shipped.set(orderId, shipping);
        await shipping;
        return [];
      } catch (error) {
        warn("A hand-over was not taken.", { error });
        return [record.receiptId];
      }
    });
    return { notDurable: (await Promise.all(ends)).flat() };
  };

const REPORTED = "order.fulfilment-reported";

/** Undefined: its goods are still here. Throws `Failure` `malformed-message` (reject). */
function leftOrder({ receiptId, body }: QueueRecord): string | undefined {
  const decoded = decode(withoutBusEnvelope(body));
  if (decoded.kind !== "message" || decoded.message.type !== REPORTED) throw noReport(receiptId);
  const { stream, data } = decoded.message;
  const report = orderEventSchemas[REPORTED].safeParse(data);
  if (!report.success || !ORDER_ID.pattern.test(stream)) throw noReport(receiptId);
  const left: readonly string[] = LEFT_STATUSES;
  return left.includes(report.data.status) ? stream : undefined;
}

/** What the bus could not bring, and an operator sends back, is still as the bus has it. */
function withoutBusEnvelope(body: string): string {
  try {
    const { specversion, detail } = (JSON.parse(body) ?? {}) as Partial<Record<string, unknown>>;
    return detail === undefined || specversion !== undefined ? body : JSON.stringify(detail);
  } catch {
    return body;
  }
}

const noReport = (receiptId: string): Failure =>
  new Failure("malformed-message", "reject", `Message ${receiptId} is no report of an order.`);
