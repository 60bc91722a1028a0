/**
 * The token endpoint (RFC 6749 section 4.4, client credentials) and what an access token says (RFC
 * 9068).
 */
import * as z from "zod";
import { SCOPES } from "./scopes.ts";

export const scopeField = z.enum(SCOPES);

export const tokenForm = z.strictObject({
  grant_type: z.string(),
  client_id: z.string().min(1).max(64).optional(),
  client_secret: z.string().min(1).max(256).optional(),
  scope: z.string().max(512).optional(),
});

export const tokenAnswer = z.strictObject({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.int(),
  scope: z.string(),
});

/** RFC 9068: 15 minutes. */
export const ACCESS_TOKEN_SECONDS = 900;

export type TokenAnswer = z.infer<typeof tokenAnswer>;
