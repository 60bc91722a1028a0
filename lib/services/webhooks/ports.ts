/**
 * What the webhooks service needs from outside.
 */
import type { AppendWrite } from "#messaging";
import type { EpochMs } from "#kernel/units";
import type { Delivery, Outcome } from "./domain/delivery.ts";
import type { WebhookEndpoint } from "./domain/endpoint.ts";
import type { SigningSecrets } from "./domain/signing-secrets.ts";

// Adapters import nothing of a service but its ports.
export type { Delivery } from "./domain/delivery.ts";
export type { WebhookEndpoint } from "./domain/endpoint.ts";
export type { SigningSecrets } from "./domain/signing-secrets.ts";

export type Refused = "stale" | "absent";

export type SavedBeside = {
  readonly secrets?: SigningSecrets;
  /** Since when nothing has reached it is forgotten. */
  readonly isReachedAnew?: boolean;
};

/**
 * Contract (`test/contract/webhook-store-contract.ts`): every write is one transaction, conditional
 * on the version that precedes it; secrets are in items of their own, so that nobody who reads
 * endpoints reads them. Errors: `store-throttled`, `store-unavailable`, `outcome-unknown` (retry).
 */
export type EndpointStore = {
  /** All of one owner, oldest first: one consistent query. */
  list(ownerId: string): Promise<readonly WebhookEndpoint[]>;
  find(ownerId: string, endpointId: string): Promise<WebhookEndpoint | undefined>;
  secrets(endpointId: string): Promise<SigningSecrets | undefined>;
  /**
   * `exists`: there is one of that id, which is answered with its secrets. `full`: its owner has as
   * many as he may.
   */
  create(
    endpoint: WebhookEndpoint,
    secrets: SigningSecrets,
  ): Promise<
    | { readonly kind: "created" }
    | { readonly kind: "exists"; readonly endpoint: WebhookEndpoint }
    | { readonly kind: "full" }
  >;
  /** Writes version n over n - 1, and what is given with it. */
  save(endpoint: WebhookEndpoint, beside?: SavedBeside): Promise<"saved" | Refused>;
  /** If it has this version still. */
  remove(endpoint: WebhookEndpoint): Promise<"removed" | Refused>;
};

/** How many deliveries each endpoint's lane of one order has had. */
export type Lanes = {
  /** The order's id, or another name that lanes of one writer share. */
  readonly owner: string;
  /** From 0: nothing is written. Every write adds 1 to what was read. */
  readonly version: number;
  readonly last: Readonly<Record<string, number>>;
};

/** What planning, a test and a replay write, all of it in one transaction. */
export type WebhookWrite =
  /** A message that its delivery is due. */
  | AppendWrite
  /** Refused where one of that id exists. */
  | { readonly kind: "plan"; readonly delivery: Delivery }
  /** Refused unless the stored one has the round before. */
  | { readonly kind: "replay"; readonly delivery: Delivery }
  /** Refused unless the stored version is the one before. */
  | { readonly kind: "lanes"; readonly lanes: Lanes };

export type LaneStore = {
  /** Consistent. */
  lanes(owner: string): Promise<Lanes>;
  /** All or nothing; `false`: somebody else wrote first. Errors: as `EndpointStore`. */
  write(writes: readonly WebhookWrite[]): Promise<boolean>;
};

/** What is read to make an attempt: one consistent batch. */
export type DueDelivery = {
  readonly delivery: Delivery | undefined;
  readonly endpoint: WebhookEndpoint | undefined;
  readonly secrets: SigningSecrets | undefined;
  /** Since when nothing has reached the endpoint. */
  readonly failingSince: EpochMs | undefined;
};

export type DeliveryNamed = {
  readonly ownerId: string;
  readonly endpointId: string;
  readonly deliveryId: string;
};

/** Errors: as `EndpointStore`. */
export type DeliveryStore = {
  due(named: DeliveryNamed): Promise<DueDelivery>;
  find(endpointId: string, deliveryId: string): Promise<Delivery | undefined>;
  /** Answers whether `before` was what stands there; else nothing is written. */
  record(delivery: Delivery, before: Delivery): Promise<boolean>;
  /** Undefined: it has been reached. */
  failing(endpointId: string, since: EpochMs | undefined): Promise<void>;
  /** Makes what waits for a retry at this endpoint due now; a bounded number, newest first. */
  hasten(endpointId: string, now: EpochMs): Promise<void>;
  /** Newest first, none before `from`; one query. A position is the last id of a page. */
  page(request: {
    readonly endpointId: string;
    /** An id, or the beginning of one. */
    readonly from: string;
    readonly limit: number;
    readonly after?: string;
  }): Promise<{ readonly deliveries: readonly Delivery[]; readonly next: string | undefined }>;
};

/** A retry whose time has come, by the place of its message. */
export type DueRetry = {
  readonly lane: string;
  readonly sequence: number;
  readonly dueAt: EpochMs;
};

/** Eventually consistent; those that are due longest first. */
export type RetryIndex = {
  due(until: EpochMs, limit: number): Promise<readonly DueRetry[]>;
};

/** Whose order it is; undefined: there is no such order. It never changes. */
export type OrderOwners = {
  ownerOf(orderId: string): Promise<string | undefined>;
};

export type WebhookToSend = {
  readonly url: string;
  readonly id: string;
  readonly body: string;
  readonly secret: string;
  readonly formerSecrets: readonly string[];
};

export type SentWebhook = {
  readonly at: EpochMs;
  readonly durationMs: number;
  readonly status?: number;
  readonly error?: string;
  readonly answer?: string;
  readonly outcome: Outcome;
};

/** Never throws for what the receiver does or does not do. */
export type WebhookSender = {
  send(webhook: WebhookToSend): Promise<SentWebhook>;
};

/** In words why no webhook goes to this URL; undefined: one may. */
export type TargetCheck = (url: string) => string | undefined;
