/**
 * The order list as it is read now, whichever of its generations that is.
 */
import { dynamoOrderList, type OrderListProps } from "#adapters/aws/dynamodb/order-list";
import { dynamoOrderWatch } from "#adapters/aws/dynamodb/order-watch";
import type { Clock } from "#kernel/clock";
import { generationsOf } from "#lambda/projection/generations-of";
import type { OrderList, OrderWatch } from "#services/orders/ports";

type Place = Omit<OrderListProps, "generation"> & {
  /** Default: the system's. */
  readonly clock?: Pick<Clock, "now">;
};

/**
 * A page is one query. A sandbox that has not looked at the generations for a lease's time looks at
 * them beside it: one consistent read of one small item, at most each two seconds.
 */
export function liveOrderList(place: Place): OrderList {
  const generations = generationsOf(place);
  return {
    page: (request) =>
      generations.reading((live) => dynamoOrderList({ ...place, generation: live }).page(request)),
  };
}

export function liveOrderWatch(place: Place): OrderWatch {
  const generations = generationsOf(place);
  const watch = <Answer>(ask: (of: OrderWatch) => Promise<Answer>): Promise<Answer> =>
    generations.reading((live) => ask(dynamoOrderWatch({ ...place, generation: live })));
  return {
    overdue: (until, limit) => watch((of) => of.overdue(until, limit)),
    stuck: (limit) => watch((of) => of.stuck(limit)),
  };
}
