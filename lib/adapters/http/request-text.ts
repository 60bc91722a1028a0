/**
 * One HTTP request with Node's own client, answered as text. `fetch` does the same for twice the
 * processor time, and loading it costs a cold start 20-35 ms.
 */
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestOverHttp,
} from "node:http";
import { request as requestOverHttps } from "node:https";

export type TextRequest = {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** From connecting to the last byte of the answer. */
  readonly timeoutMs: number;
  /** More of an answer is not read: its length is not ours to trust. */
  readonly answerBytesMax: number;
};

export type TextAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

/**
 * Follows no redirection. Connections are kept and used again by Node's global agents.
 * Errors: Node's own with their `code` when there is no connection or it breaks, a `TimeoutError`,
 * a `RangeError` for an answer that is too long.
 */
export function requestText(wanted: TextRequest): Promise<TextAnswer> {
  const { method, url, headers, body = "", answerBytesMax } = wanted;
  const send = url.startsWith("https:") ? requestOverHttps : requestOverHttp;
  const length = method === "GET" ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const signal = AbortSignal.timeout(wanted.timeoutMs);
  return new Promise((resolve, reject) => {
    // An abort looks like a broken connection otherwise.
    const fail = (error: unknown): void => reject(signal.aborted ? signal.reason : error);
    const request = send(url, { method, headers: { ...headers, ...length }, signal });
    request.on("error", fail);
    request.on("response", (response) => {
      const status = response.statusCode ?? 0;
      boundedText(response, answerBytesMax).then(
        (text) => resolve({ status, headers: response.headers, text }),
        fail,
      );
    });
    request.end(body);
  });
}

async function boundedText(response: IncomingMessage, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop early closes the connection.
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new RangeError(`the body is longer than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
