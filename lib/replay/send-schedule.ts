/**
 * Mixes the sendings of many orders: each waits until so many others have gone before it, so that
 * reports fall behind those of other orders, and without disorder an order's reports leave strictly
 * one after the other.
 */
import type { Sending } from "./fulfilment.ts";

export type SendSchedule = {
  /** An order is under way whose sendings will come, or will turn out not to. */
  expect(): void;
  /** What was expected will not come. */
  dismiss(): void;
  /**
   * The sendings of one expected order. Settles when all have been sent; rejects when one failed.
   */
  add(sendings: readonly Sending[], send: (sending: Sending) => Promise<void>): Promise<void>;
};

type Order = {
  readonly send: (sending: Sending) => Promise<void>;
  readonly begun: Set<number>;
  firstSendings: number;
  left: number;
  failure: { readonly error: unknown } | undefined;
  readonly settle: () => void;
};

type Waiting = { readonly sending: Sending; readonly order: Order; readonly due: number };

/** So many that wait are mixed well enough among themselves: they need not wait for more. */
const WAITING_MAX = 24;

/** @param atOnceMax sendings on their way at the same time */
export function sendSchedule(atOnceMax: number): SendSchedule {
  /** Bounded by the orders under way, whose senders wait for them; sorted by `due`. */
  const waiting: Waiting[] = [];
  let expected = 0;
  let underway = 0;
  let begun = 0;

  const mayGo = ({ sending, order, due }: Waiting): boolean => {
    if (sending.repeat) return due <= begun && order.begun.has(sending.sequence);
    return due <= begun && order.firstSendings === 0;
  };

  const pump = (): void => {
    while (underway < atOnceMax && waiting.length > 0) {
      let index = waiting.findIndex(mayGo);
      const nobodyElse = expected === 0 || waiting.length >= WAITING_MAX;
      // Nobody is left who should go before: then the next one in line goes early.
      if (index < 0 && nobodyElse && underway === 0) index = 0;
      const [next] = index < 0 ? [] : waiting.splice(index, 1);
      if (next === undefined) return;
      void begin(next);
    }
  };

  const begin = async ({ sending, order }: Waiting): Promise<void> => {
    const counts = sending.repeat ? 0 : 1;
    underway += 1;
    begun += 1;
    order.begun.add(sending.sequence);
    order.firstSendings += counts;
    try {
      if (order.failure === undefined) await order.send(sending);
    } catch (error) {
      order.failure ??= { error };
    }
    underway -= 1;
    order.firstSendings -= counts;
    order.left -= 1;
    if (order.left === 0) order.settle();
    pump();
  };

  const dismiss = (): void => {
    expected -= 1;
    pump();
  };

  return {
    expect() {
      expected += 1;
    },
    dismiss,
    add: (sendings, send) =>
      new Promise((resolve, reject) => {
        const order = newOrder(send, sendings.length, resolve, reject);
        const entries = sendings.map((sending) => ({ sending, order, due: begun + sending.slot }));
        waiting.push(...entries);
        // Stable: at the same slot the order that came first goes first.
        waiting.sort((a, b) => a.due - b.due);
        if (sendings.length === 0) resolve();
        dismiss();
      }),
  };
}

function newOrder(
  send: Order["send"],
  left: number,
  resolve: () => void,
  reject: (error: unknown) => void,
): Order {
  const order: Order = {
    send,
    begun: new Set(),
    firstSendings: 0,
    left,
    failure: undefined,
    settle: () => (order.failure === undefined ? resolve() : reject(order.failure.error)),
  };
  return order;
}
