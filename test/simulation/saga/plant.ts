/**
 * Where a planted bug takes the place of something right. Everything left out is as it is.
 */
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { EpochMs } from "#kernel/units";
import type { Relay } from "#messaging";
import type { StockStore } from "#services/inventory/ports";
import type { OrderStore, ReviewTokens } from "#services/orders/ports";
import type { ChangePorts } from "#services/orders/usecases/change-order";
import type { PaymentProvider, PaymentSteps } from "#services/payments/ports";

export type SagaPlant = {
  /** Of the shipped ASL, parsed. */
  readonly definition?: (right: Definition) => Definition;
  /** At the function's side of the network. */
  readonly provider?: (right: PaymentProvider) => PaymentProvider;
  readonly steps?: (right: PaymentSteps) => PaymentSteps;
  /** At the store's side of the network, where one call is one moment. */
  readonly stockStore?: (right: StockStore) => StockStore;
  readonly tokens?: (right: ReviewTokens) => ReviewTokens;
  /** What customers, staff and the watchdog work with. */
  readonly people?: (right: ChangePorts) => ChangePorts;
  /** Orders as the saga's own function sees them. */
  readonly orders?: (right: OrderStore) => OrderStore;
  readonly relay?: (right: Relay) => Relay;
  readonly eventBridge?: (right: EventBridgeClient) => EventBridgeClient;
  /** The time that a void believes it is. */
  readonly voidsAt?: (now: EpochMs) => EpochMs;
};

export type Definition = {
  readonly States: Readonly<Record<string, StateDefinition>>;
  readonly [field: string]: unknown;
};

export type StateDefinition = {
  readonly Next?: string;
  readonly Catch?: readonly { readonly Next: string; readonly [field: string]: unknown }[];
  readonly [field: string]: unknown;
};
