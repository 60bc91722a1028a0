/**
 * An answer as API Gateway's proxy integration wants it.
 */
import type { APIGatewayProxyResult } from "aws-lambda";
import type { HttpAnswer } from "../http-route.ts";

export function rendered({ status, body, headers }: HttpAnswer): APIGatewayProxyResult {
  if (body === undefined) return { statusCode: status, headers: { ...headers }, body: "" };
  return {
    statusCode: status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}
