/**
 * The ordered consumers of the system, by name, as the stacks have to have them.
 */
import { SERVICES } from "#contracts/metrics";

export const CONSUMERS = [
  SERVICES.fulfilment,
  SERVICES.orderList,
  SERVICES.recommendations,
  SERVICES.sagaStart,
  SERVICES.webhookDelivery,
  SERVICES.webhookPlan,
] as const;
