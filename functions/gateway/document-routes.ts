/**
 * The documents of the routes and of the events, as they are committed and tested, for whoever
 * writes a client. That of the routes says where it is served.
 */
import { entityTag, matchesEntityTag } from "#adapters/http/entity-tag";
import { type HttpRoute, route } from "#runtime/http-route";

export type Documents = { readonly openApi: object; readonly asyncApi: object };

/** @param address of the API, without a trailing slash */
export function documentRoutes(
  { openApi, asyncApi }: Documents,
  address: string,
): readonly HttpRoute[] {
  const routes = kept({ ...openApi, servers: [{ url: address }] });
  const events = kept(asyncApi);
  return [
    route({
      route: "GET /v1/openapi.json",
      handle: async ({ headers }) => answered(routes, headers["if-none-match"]),
    }),
    route({
      route: "GET /v1/asyncapi.json",
      handle: async ({ headers }) => answered(events, headers["if-none-match"]),
    }),
  ];
}

type Kept = { readonly body: object; readonly tag: string };

const kept = (body: object): Kept => ({ body, tag: entityTag(body) });

function answered({ body, tag }: Kept, ifNoneMatch: string | undefined) {
  const headers = { etag: tag, "cache-control": "public, max-age=300" };
  if (matchesEntityTag(ifNoneMatch, tag)) return { status: 304, headers };
  return { status: 200, headers, body };
}
