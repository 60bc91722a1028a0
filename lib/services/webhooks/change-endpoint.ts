/**
 * An endpoint looked at, changed, given a new secret and taken away by its owner; every change on
 * the condition of what its owner has read.
 */
import type { EndpointList, EndpointView, SecretRotated } from "#contracts/http/webhook-endpoints";
import { Failure } from "#kernel/failure";
import { type EpochMs, isoInstant, seconds } from "#kernel/units";
import {
  changed,
  type EndpointChange,
  isReachedAnew,
  type WebhookEndpoint,
} from "./domain/endpoint.ts";
import { FORMER_MAX, rotated } from "./domain/signing-secrets.ts";
import {
  checkTarget,
  type EndpointNamed,
  endpointViewOf,
  noEndpoint,
  ownEndpoint,
} from "./endpoint-view.ts";
import type { EndpointStore, Refused, TargetCheck } from "./ports.ts";

export type EndpointPorts = { readonly endpoints: EndpointStore };

/** Whether the caller's condition names this state. */
export type IsExpected = (view: EndpointView) => boolean;

export async function listEndpoints(
  { endpoints }: EndpointPorts,
  ownerId: string,
): Promise<EndpointList> {
  return { endpoints: (await endpoints.list(ownerId)).map(endpointViewOf) };
}

/** Throws `Failure` `not-found` (reject). */
export const getEndpoint = async (
  { endpoints }: EndpointPorts,
  named: EndpointNamed,
): Promise<EndpointView> => endpointViewOf(await ownEndpoint(endpoints, named));

/** Throws `Failure`, all reject: `not-found`, `precondition-failed`, `target-refused`. */
export async function changeEndpoint(
  { endpoints, checkUrl }: EndpointPorts & { readonly checkUrl: TargetCheck },
  named: EndpointNamed & { readonly now: EpochMs },
  { change, isExpected }: { readonly change: EndpointChange; readonly isExpected: IsExpected },
): Promise<EndpointView> {
  if (change.url !== undefined) checkTarget(checkUrl, change.url);
  const before = await expected(endpoints, named, isExpected);
  const next = changed(before, change, named.now);
  refuse(await endpoints.save(next, { isReachedAnew: isReachedAnew(before, next) }));
  return endpointViewOf(next);
}

/** Throws `Failure`, both reject: `not-found`, `precondition-failed`. */
export async function removeEndpoint(
  { endpoints }: EndpointPorts,
  named: EndpointNamed,
  isExpected: IsExpected,
): Promise<void> {
  refuse(await endpoints.remove(await expected(endpoints, named, isExpected)));
}

export type Rotation = EndpointNamed & {
  readonly now: EpochMs;
  readonly overlapSeconds: number;
};

/**
 * Throws `Failure`, all reject: `not-found`, `precondition-failed`, `secrets-overlap` while former
 * secrets still sign.
 */
export async function rotateSecret(
  { endpoints, newSecret }: EndpointPorts & { readonly newSecret: () => string },
  { now, overlapSeconds, ...named }: Rotation,
  isExpected: IsExpected,
): Promise<SecretRotated & { readonly view: EndpointView }> {
  const endpoint = await expected(endpoints, named, isExpected);
  const present = await endpoints.secrets(endpoint.endpointId);
  if (present === undefined) throw noEndpoint();
  const secrets = rotated(present, newSecret(), { now, overlap: seconds(overlapSeconds) });
  if (secrets === undefined) throw overlapping();
  const next = changed(endpoint, {}, now);
  refuse(await endpoints.save(next, { secrets }));
  const [former] = secrets.former;
  return {
    endpointId: next.endpointId,
    version: next.version,
    secret: secrets.secret,
    ...(former !== undefined && { formerUntil: isoInstant(former.expiresAt) }),
    view: endpointViewOf(next),
  };
}

async function expected(
  endpoints: EndpointStore,
  named: EndpointNamed,
  isExpected: IsExpected,
): Promise<WebhookEndpoint> {
  const endpoint = await ownEndpoint(endpoints, named);
  if (isExpected(endpointViewOf(endpoint))) return endpoint;
  throw stale();
}

function refuse(answer: "saved" | "removed" | Refused): void {
  if (answer === "stale") throw stale();
  if (answer === "absent") throw noEndpoint();
}

const stale = (): Failure =>
  new Failure(
    "precondition-failed",
    "reject",
    "The endpoint has been changed since you read it; read it again, then decide anew.",
  );

const overlapping = (): Failure =>
  new Failure(
    "secrets-overlap",
    "reject",
    `${FORMER_MAX} former secrets still sign. Wait until one has expired, or end them all with ` +
      "overlapSeconds 0.",
  );
