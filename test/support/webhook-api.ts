/**
 * The webhooks' HTTP function over memory, as its callers see it: `ann`, unless a test says who.
 */
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { signedCursors } from "#adapters/http/signed-cursor";
import { refusedTarget } from "#adapters/http/webhook-target";
import { memoryTable } from "#adapters/memory/table";
import { memoryWebhooks } from "#adapters/memory/webhook-store";
import { endpointCreated } from "#contracts/http/webhook-endpoints";
import { parseJsonObject } from "#kernel/json";
import { httpFunction } from "#runtime/http-function";
import { keptAnswers } from "#runtime/kept-answers";
import { changeRoutes } from "../../functions/webhooks/change-routes.ts";
import { deliveryRoutes } from "../../functions/webhooks/delivery-routes.ts";
import { endpointRoutes } from "../../functions/webhooks/endpoint-routes.ts";
import { idempotencyTable } from "../simulation/powertools/idempotency-table.ts";
import {
  countedSurroundings,
  type GatewayRequest,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "./gateway-event.ts";
import { noon } from "./webhook-samples.ts";

export const ENDPOINTS = "/v1/webhook-endpoints";
const ENDPOINT = `${ENDPOINTS}/{endpointId}`;
export const url = "https://hooks.example.com/orders";

type As = { readonly id?: string; readonly scopes?: readonly string[] };

type On = {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly as?: As;
};

export type WebhookApi = ReturnType<typeof webhookApi>;

export function webhookApi() {
  const records = idempotencyTable(() => undefined);
  const table = memoryTable();
  const stores = memoryWebhooks(table);
  const time = { now: noon };
  let made = 0;
  const newSecret = (): string => {
    made += 1;
    return `whsec_${made}`;
  };
  const checkUrl = (text: string) => refusedTarget(text, { allowsLoopback: false });
  const managing = { endpoints: stores.endpoints, checkUrl, newSecret };
  const cursors = signedCursors(async () => "secret");

  async function call(request: GatewayRequest, as: As = {}) {
    const { id = "ann", scopes = ["webhooks:read", "webhooks:write"] } = as;
    const client = records.client("function", async (_operation, _kind, effect) => effect());
    const layer = new DynamoDBPersistenceLayer({ tableName: "answers", awsSdkV3Client: client });
    const handler = httpFunction(
      {
        service: "webhooks",
        verifier: { verify: async () => ({ id, scopes }) },
        answers: keptAnswers(layer),
        routes: [
          ...endpointRoutes(managing),
          ...changeRoutes(managing),
          ...deliveryRoutes({ ...stores, cursors }),
        ],
      },
      countedSurroundings(time.now),
      untraced,
    );
    const headers = { authorization: "Bearer token", ...request.headers };
    const answer = await handler(gatewayEvent({ ...request, headers }), lambdaContext());
    const body = parseJsonObject(answer.body) ?? {};
    return { status: answer.statusCode, headers: answer.headers ?? {}, text: answer.body, body };
  }

  const create = (body: unknown = { url }, key = "key-1", as: As = {}) =>
    call({ method: "POST", resource: ENDPOINTS, headers: { "idempotency-key": key }, body }, as);

  return {
    table,
    stores,
    /** The time of the next request. */
    time,
    call,
    create,
    on: (method: string, endpointId: string, { body, headers = {}, as = {} }: On = {}) =>
      call({ method, resource: ENDPOINT, parameters: { endpointId }, headers, body }, as),
    below: (path: string, parameters: Record<string, string>, { as = {}, ...rest }: On = {}) =>
      call({ method: "POST", resource: `${ENDPOINT}/${path}`, parameters, ...rest }, as),
    log: (endpointId: string, query: Record<string, string> = {}, as: As = {}) =>
      call(
        { method: "GET", resource: `${ENDPOINT}/deliveries`, parameters: { endpointId }, query },
        as,
      ),
    async endpoint() {
      const { body, headers } = await create();
      return { id: endpointCreated.parse(body).endpointId, etag: String(headers["etag"]) };
    },
  };
}
