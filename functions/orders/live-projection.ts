/**
 * The order list as it is read now, whichever of its generations that is.
 */
import { dynamoOrderList, type OrderListProps } from "#adapters/aws/dynamodb/order-list";
import { dynamoOrderWatch } from "#adapters/aws/dynamodb/order-watch";
import { generationsOf } from "#lambda/projection/generations-of";
import type { OrderList, OrderWatch } from "#services/orders/ports";

type Place = Omit<OrderListProps, "generation">;

export function liveOrderList(place: Place): OrderList {
  const generations = generationsOf(place);
  return {
    page: (request) =>
      generations.within(({ live }) =>
        dynamoOrderList({ ...place, generation: live }).page(request),
      ),
  };
}

export function liveOrderWatch(place: Place): OrderWatch {
  const generations = generationsOf(place);
  const watch = <Answer>(ask: (of: OrderWatch) => Promise<Answer>): Promise<Answer> =>
    generations.within(({ live }) => ask(dynamoOrderWatch({ ...place, generation: live })));
  return {
    overdue: (until, limit) => watch((of) => of.overdue(until, limit)),
    stuck: (limit) => watch((of) => of.stuck(limit)),
  };
}
