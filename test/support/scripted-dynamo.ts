/**
 * A DynamoDB client whose requests never leave the process: each is answered as the test has
 * planned, in turn. Everything of the SDK above the socket is real, its own repetitions included.
 */
import { Readable } from "node:stream";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { noticeLostAnswers } from "#adapters/aws/dynamodb/lost-answers";

export type Answer =
  | { readonly status: number; readonly body: Readonly<Record<string, unknown>> }
  /** No answer: the connection's own error. */
  | { readonly code: string };

export const done: Answer = { status: 200, body: {} };

export const refusedBy = (name: string, more: Readonly<Record<string, unknown>> = {}): Answer => ({
  status: 400,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: name, ...more },
});

export const brokenInside: Answer = {
  status: 500,
  body: { __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message: "broken" },
};

/**
 * @param answers to the requests in turn; the last one to all that follow.
 * @param maxAttempts of the SDK for one call; it waits long after being throttled.
 */
export function scriptedDynamo(answers: readonly Answer[], maxAttempts = 2) {
  const requests: Readonly<Record<string, unknown>>[] = [];
  const client = new DynamoDBClient({
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts,
    requestHandler: {
      async handle(request: { readonly body?: string | Uint8Array }) {
        const body = typeof request.body === "string" ? request.body : decodeUtf8(request.body);
        requests.push(JSON.parse(body) as Readonly<Record<string, unknown>>);
        const answer = answers[Math.min(requests.length, answers.length) - 1];
        if (answer === undefined) throw new Error("no answer was planned");
        if ("code" in answer) {
          throw Object.assign(new Error(answer.code), { code: answer.code });
        }
        const headers = { "content-type": "application/x-amz-json-1.0" };
        const text = Readable.from([Buffer.from(JSON.stringify(answer.body))]);
        return { response: { statusCode: answer.status, headers, body: text } };
      },
    },
  });
  return { client: noticeLostAnswers(client), requests };
}

const decodeUtf8 = (body: Uint8Array | undefined): string => new TextDecoder().decode(body);
