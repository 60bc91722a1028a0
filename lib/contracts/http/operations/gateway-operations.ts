/**
 * What the gateway's own routes and those of tokens take and answer.
 */
import { tokenAnswer, tokenForm } from "../auth.ts";
import {
  asyncApiDocument,
  keySet,
  liveAnswer,
  oauthRefusal,
  openApiDocument,
  readyAnswer,
} from "../gateway.ts";
import { document, type Operation } from "./operation.ts";

export const GATEWAY_OPERATIONS = {
  "POST /oauth2/token": {
    summary: "Get an access token for client credentials (RFC 6749 section 4.4)",
    // What is not known is ignored there.
    body: document("TokenRequest", tokenForm.loose()),
    mediaType: "application/x-www-form-urlencoded",
    answer: { status: 200, body: document("Token", tokenAnswer) },
    refusal: document("TokenRefusal", oauthRefusal),
  },
  "GET /.well-known/jwks.json": {
    summary: "Get the keys that tokens may be signed with",
    answer: { status: 200, body: document("KeySet", keySet), headers: ["Cache-Control"] },
  },
  "GET /health/live": {
    summary: "Whether the shop answers",
    answer: { status: 200, body: document("Live", liveAnswer), headers: ["Cache-Control"] },
  },
  "GET /health/ready": {
    summary: "Whether the shop can work",
    answer: { status: 200, body: document("Ready", readyAnswer), headers: ["Cache-Control"] },
  },
  "GET /v1/openapi.json": {
    summary: "Get this document",
    takes: ["If-None-Match"],
    answer: {
      status: 200,
      body: document("OpenApi", openApiDocument),
      headers: ["ETag", "Cache-Control"],
    },
  },
  "GET /v1/asyncapi.json": {
    summary: "Get the document of the events",
    takes: ["If-None-Match"],
    answer: {
      status: 200,
      body: document("AsyncApi", asyncApiDocument),
      headers: ["ETag", "Cache-Control"],
    },
  },
} as const satisfies Readonly<Record<string, Operation>>;
