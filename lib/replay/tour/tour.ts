/**
 * The tour of a deployed shop: what a replay of real orders does not come by. Its walks go side by
 * side, since none waits for another.
 */
import type { OrderView } from "#contracts/http/orders";
import { sha256Hex } from "#kernel/hash";
import { newPace, waitUntil } from "../wait-until.ts";
import { buy } from "./buy.ts";
import { cancel } from "./cancel.ts";
import { repair } from "./repair.ts";
import { type TourPorts, type Walked, walked, type WalkPorts } from "./walk.ts";

export type TourAnswers = {
  readonly walks: readonly Walked[];
  /** Every order that it placed, as it ended. */
  readonly orders: readonly OrderView[];
};

const WALKS = [buy, cancel, repair];

/** @param tell hears walks done of all. Throws what reading its orders at the end throws. */
export async function tour(
  { api, provider, clock, wait, salt }: TourPorts,
  tell: (done: number, of: number) => void,
): Promise<TourAnswers> {
  const orderIds: string[] = [];
  const ports: WalkPorts = {
    api: {
      ...api,
      async place(key, body) {
        const orderId = await api.place(key, body);
        orderIds.push(orderId);
        return orderId;
      },
    },
    provider,
    async once(look, holds) {
      const { seen } = await waitUntil({ clock, settings: wait, pace: newPace() }, look, holds);
      return seen;
    },
    key: (of) => sha256Hex(`${salt}/tour/${of}`).slice(0, 32),
  };
  let done = 0;
  const walks = await Promise.all(
    WALKS.map(async (walk) => {
      const ended = await walked(walk, ports, clock);
      done += 1;
      tell(done, WALKS.length);
      return ended;
    }),
  );
  const orders = await Promise.all(orderIds.map((orderId) => api.order(orderId)));
  return { walks, orders };
}
