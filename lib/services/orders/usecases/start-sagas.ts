/**
 * Starts the saga of every order that has been placed. A start is idempotent and each message
 * stands for itself, so neither order nor repetition matters here, and a start that fails costs no
 * other.
 */
import { sagaInput } from "#contracts/saga";
import { type DeadLetters, decode, type QueueRecord } from "#messaging";
import type { OrderEvent } from "../domain/events.ts";
import type { SagaStarter } from "../ports.ts";

export type StartSagasPorts = {
  readonly starter: SagaStarter;
  readonly deadLetters: DeadLetters;
};

/** What became of one record. */
export type SagaStartOutcome = { readonly receiptId: string } & (
  | { readonly kind: "running"; readonly orderId: string }
  /**
   * Its run has ended, and not well: an operator has to look. Delivering it again would change
   * nothing.
   */
  | { readonly kind: "needs-attention"; readonly orderId: string; readonly status: string }
  /** No `order.placed` of ours; with the dead letters now. */
  | { readonly kind: "buried"; readonly cause: string }
  /** Nothing is known; it has to be delivered again. */
  | { readonly kind: "failed"; readonly error: unknown }
);

/**
 * One outcome for each record, in their order; all records of a batch (SQS: at most 10 of a FIFO
 * queue) at once. Never throws.
 */
export const startSagas = (
  ports: StartSagasPorts,
  records: readonly QueueRecord[],
): Promise<readonly SagaStartOutcome[]> =>
  Promise.all(records.map((record) => startSaga(ports, record)));

/** Receipt ids of what must be delivered again. */
export const notStarted = (outcomes: readonly SagaStartOutcome[]): readonly string[] =>
  outcomes.filter(({ kind }) => kind === "failed").map(({ receiptId }) => receiptId);

async function startSaga(
  { starter, deadLetters }: StartSagasPorts,
  record: QueueRecord,
): Promise<SagaStartOutcome> {
  const { receiptId } = record;
  try {
    const read = placedOrder(record.body);
    if (read.kind === "malformed") {
      await deadLetters.bury(record, read.cause);
      return { receiptId, kind: "buried", cause: read.cause };
    }
    const { orderId } = read;
    const answer = await starter.start(orderId);
    return answer.kind === "running"
      ? { receiptId, kind: "running", orderId }
      : { receiptId, kind: "needs-attention", orderId, status: answer.status };
  } catch (error) {
    return { receiptId, kind: "failed", error };
  }
}

type Read =
  | { readonly kind: "placed"; readonly orderId: string }
  | { readonly kind: "malformed"; readonly cause: string };

const PLACED: OrderEvent["type"] = "order.placed";

function placedOrder(body: string): Read {
  const decoded = decode(body);
  if (decoded.kind === "malformed") return decoded;
  if (decoded.kind === "control") return malformed("a control message; sagas have no heads");
  const { type, stream } = decoded.message;
  if (type !== PLACED) return malformed(`its type is ${type}; a saga begins with ${PLACED}`);
  const input = sagaInput.safeParse({ orderId: stream });
  return input.success
    ? { kind: "placed", orderId: input.data.orderId }
    : malformed(`its partition key ${JSON.stringify(stream)} is not an order id`);
}

const malformed = (cause: string): Read => ({ kind: "malformed", cause });
