/**
 * Makes an endpoint. Its id follows from owner, route and Idempotency-Key, so the write itself
 * refuses a second, and a repetition gets the same answer: the secret would otherwise be lost with
 * the first one.
 */
import type { CreateEndpointBody, EndpointCreated } from "#contracts/http/webhook-endpoints";
import { ENDPOINTS_MAX } from "#contracts/http/webhook-endpoints";
import { Failure } from "#kernel/failure";
import { canonicalJson, sha256Crockford26, sha256Hex } from "#kernel/hash";
import type { EpochMs } from "#kernel/units";
import type { WebhookEndpoint } from "./domain/endpoint.ts";
import { checkTarget, endpointViewOf } from "./endpoint-view.ts";
import type { EndpointStore, TargetCheck } from "./ports.ts";

export type CreateEndpointPorts = {
  readonly endpoints: Pick<EndpointStore, "create" | "secrets">;
  readonly checkUrl: TargetCheck;
  /** A fresh one in the form of Standard Webhooks. */
  readonly newSecret: () => string;
};

export type CreateEndpoint = {
  readonly ownerId: string;
  /** Part of the key's scope: one key may be used once on each route. */
  readonly route: string;
  readonly idempotencyKey: string;
  readonly body: CreateEndpointBody;
  readonly now: EpochMs;
};

/**
 * Throws `Failure`, all reject: `target-refused`, `endpoint-limit`, `idempotency-key-reused`,
 * `conflict` for a repetition after the secret was rotated.
 */
export async function createEndpoint(
  { endpoints, checkUrl, newSecret }: CreateEndpointPorts,
  request: CreateEndpoint,
): Promise<EndpointCreated> {
  checkTarget(checkUrl, request.body.url);
  const endpoint = endpointOf(request);
  const secret = newSecret();
  const answer = await endpoints.create(endpoint, { secret, former: [] });
  switch (answer.kind) {
    case "created":
      return { ...endpointViewOf(endpoint), secret };
    case "exists":
      return repeated(endpoints, endpoint, answer.endpoint);
    case "full":
      throw new Failure(
        "endpoint-limit",
        "reject",
        `You have ${ENDPOINTS_MAX} webhook endpoints, as many as allowed; delete one first.`,
      );
    default:
      return answer satisfies never;
  }
}

function endpointOf({ ownerId, route, idempotencyKey, body, now }: CreateEndpoint) {
  const { url, description, events } = body;
  return {
    endpointId: `ep_${sha256Crockford26(JSON.stringify([ownerId, route, idempotencyKey]))}`,
    ownerId,
    url,
    ...(description !== undefined && { description }),
    events,
    version: 1,
    createdAt: now,
    updatedAt: now,
    requestHash: sha256Hex(canonicalJson(body)),
  } satisfies WebhookEndpoint;
}

async function repeated(
  endpoints: CreateEndpointPorts["endpoints"],
  wanted: WebhookEndpoint,
  standing: WebhookEndpoint,
): Promise<EndpointCreated> {
  if (standing.requestHash !== wanted.requestHash) {
    throw new Failure(
      "idempotency-key-reused",
      "reject",
      "This Idempotency-Key stands for another endpoint; use a new key for this one.",
    );
  }
  const secrets = standing.version === 1 ? await endpoints.secrets(standing.endpointId) : undefined;
  if (secrets !== undefined) return { ...endpointViewOf(standing), secret: secrets.secret };
  throw new Failure(
    "conflict",
    "reject",
    `This request made ${standing.endpointId}, which has been changed since: its secret is not ` +
      "shown again. Rotate it if you have not kept it.",
  );
}
