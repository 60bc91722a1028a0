/**
 * An endpoint: where a customer wants to hear of his orders, and of what.
 */
import type { EpochMs } from "#kernel/units";

export type DisabledBecause =
  /** Its owner said so. */
  | "owner"
  /** It answered 410 Gone. */
  | "gone"
  /** Nothing has reached it for days. */
  | "failing";

export type WebhookEndpoint = {
  readonly endpointId: string;
  readonly ownerId: string;
  readonly url: string;
  readonly description?: string;
  /** Event types; `order.*` stands for all. */
  readonly events: readonly string[];
  /** Absent: enabled. */
  readonly disabled?: DisabledBecause;
  /** From 1; every change adds 1. */
  readonly version: number;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
  /** Hash of the request that made it, which tells a repetition from another request. */
  readonly requestHash: string;
};

export type EndpointChange = {
  readonly url?: string | undefined;
  /** Null takes it away. */
  readonly description?: string | null | undefined;
  readonly events?: readonly string[] | undefined;
  readonly status?: "enabled" | "disabled" | undefined;
};

const EVERY_EVENT = "order.*";

export const wants = (endpoint: WebhookEndpoint, eventType: string): boolean =>
  endpoint.disabled === undefined &&
  (endpoint.events.includes(EVERY_EVENT) || endpoint.events.includes(eventType));

export function changed(
  endpoint: WebhookEndpoint,
  change: EndpointChange,
  now: EpochMs,
): WebhookEndpoint {
  const { disabled: wasDisabled, description: described, ...rest } = endpoint;
  const description = change.description === undefined ? described : change.description;
  const disabled = disabledAfter(wasDisabled, change.status);
  return {
    ...rest,
    ...(change.url !== undefined && { url: change.url }),
    ...(change.events !== undefined && { events: change.events }),
    ...(description !== undefined && description !== null && { description }),
    ...(disabled !== undefined && { disabled }),
    version: endpoint.version + 1,
    updatedAt: now,
  };
}

/** What failed before says nothing of an endpoint that is enabled again or stands elsewhere. */
export const isReachedAnew = (before: WebhookEndpoint, after: WebhookEndpoint): boolean =>
  before.url !== after.url || (before.disabled !== undefined && after.disabled === undefined);

/** What was disabled for a reason keeps it: saying so again does not hide it. */
function disabledAfter(
  before: DisabledBecause | undefined,
  status: EndpointChange["status"],
): DisabledBecause | undefined {
  if (status === undefined) return before;
  return status === "enabled" ? undefined : (before ?? "owner");
}

export const disabledFor = (
  endpoint: WebhookEndpoint,
  because: DisabledBecause,
  now: EpochMs,
): WebhookEndpoint => ({
  ...endpoint,
  disabled: because,
  version: endpoint.version + 1,
  updatedAt: now,
});
