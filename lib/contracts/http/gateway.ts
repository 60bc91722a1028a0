/**
 * Answers of the gateway itself, and of the published keys.
 */
import * as z from "zod";

export const liveAnswer = z.strictObject({ status: z.literal("live") });

export const readyAnswer = z.strictObject({ status: z.literal("ready") });

/** RFC 7517: a key may say more of itself. */
export const keySet = z.strictObject({
  keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })),
});

/** RFC 6749 section 5.2. */
export const oauthRefusal = z.strictObject({
  error: z.string(),
  error_description: z.string().optional(),
});

/** The documents of the routes and of the events. */
export const openApiDocument = z.looseObject({ openapi: z.string() });
export const asyncApiDocument = z.looseObject({ asyncapi: z.string() });
