/**
 * What an HTTP function supplies to the onion: a route, the schemas of what comes in, and one
 * handler.
 */
import type { ProviderRouteKey } from "#contracts/http/provider-routes";
import type { RouteKey } from "#contracts/http/routes";
import type { EpochMs } from "#kernel/units";
import type { z } from "zod";

/** Who calls, as the verified token says. */
export type Subject = { readonly id: string; readonly scopes: readonly string[] };

export type HttpRequest<Body, Query> = {
  /** Present on routes whose access is a scope, and where the holder of a cart sent a token. */
  readonly subject: Subject | undefined;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Exactly the bytes received, as text: what a signature covers. */
  readonly rawBody: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly now: EpochMs;
  readonly requestId: string;
  readonly traceparent: string | undefined;
};

/** What a browser asks before a page's request, whatever the resource. */
export const PREFLIGHT = "OPTIONS *";

export type HttpAnswer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type HttpRoute<Body = unknown, Query = unknown> = {
  readonly route: RouteKey | ProviderRouteKey | typeof PREFLIGHT;
  /** How the body is read: JSON by default where `bodySchema` is given. */
  readonly bodyFormat?: "json" | "form" | "merge-patch";
  readonly bodySchema?: z.ZodType<Body>;
  /** Query parameters that it does not know are refused; without it, each of them. */
  readonly querySchema?: z.ZodType<Query>;
  /** Whatever the query says is passed over. */
  readonly hasAnyQuery?: true;
  /** Bytes; a longer body is refused with 413. Default 256 KiB. */
  readonly bodyBytesMax?: number;
  /** Runs before the body is parsed: signatures and keys. Throws `Failure` to refuse. */
  readonly admit?: (request: HttpRequest<undefined, unknown>) => Promise<void>;
  handle(request: HttpRequest<Body, Query>): Promise<HttpAnswer>;
};

/** Infers the types of a route's body and query from its schemas. */
export const route = <Body = undefined, Query = undefined>(
  definition: HttpRoute<Body, Query>,
): HttpRoute<Body, Query> => definition;
