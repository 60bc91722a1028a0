/**
 * The bytes of the body as text: not too many, and of the media type that the route reads.
 */
import type { APIGatewayProxyEvent } from "aws-lambda";
import { Failure } from "#kernel/failure";
import type { HttpRoute } from "../http-route.ts";
import { routeOf, type HttpMiddleware } from "./exchange.ts";

/** Bytes. */
const BODY_BYTES_MAX = 262_144;

const MEDIA_TYPES = {
  json: ["application/json"],
  form: ["application/x-www-form-urlencoded"],
  // RFC 7396; callers who send plain JSON mean the same.
  "merge-patch": ["application/merge-patch+json", "application/json"],
} as const;

/** Errors: `payload-too-large`, `unsupported-media-type`, `malformed-request` (all reject). */
export const bodyReading = (): HttpMiddleware => ({
  before({ event, context }) {
    const { definition } = routeOf(context.exchange);
    refuseTooLarge(event, definition.bodyBytesMax ?? BODY_BYTES_MAX);
    refuseOtherTypes(definition, context.exchange.headers["content-type"]);
    context.exchange = { ...context.exchange, rawBody: textOf(event) };
  },
});

function refuseTooLarge({ body, isBase64Encoded }: APIGatewayProxyEvent, bytesMax: number): void {
  const bytes = Buffer.byteLength(body ?? "", isBase64Encoded ? "base64" : "utf8");
  if (bytes <= bytesMax) return;
  throw new Failure(
    "payload-too-large",
    "reject",
    `A body here has at most ${bytesMax} bytes; received ${bytes}.`,
  );
}

function refuseOtherTypes({ bodyFormat, bodySchema }: HttpRoute, contentType = ""): void {
  if (bodyFormat === undefined && bodySchema === undefined) return;
  const expected: readonly string[] = MEDIA_TYPES[bodyFormat ?? "json"];
  const [type = "", ...parameters] = contentType
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith("charset="));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  if (expected.includes(type) && isUtf8) return;
  const received = contentType === "" ? "none" : contentType.slice(0, 100);
  throw new Failure(
    "unsupported-media-type",
    "reject",
    `Send content-type: ${expected[0]} in UTF-8; received ${received}.`,
  );
}

function textOf({ body, isBase64Encoded }: APIGatewayProxyEvent): string {
  if (body === null || !isBase64Encoded) return body ?? "";
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(body, "base64"),
    );
  } catch (error) {
    throw new Failure("malformed-request", "reject", "The body is not UTF-8 text.", {
      cause: error,
    });
  }
}
