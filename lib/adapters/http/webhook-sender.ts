/**
 * Sends one webhook to an address that a customer chose: signed, over a connection to an address
 * that was checked, without redirections, within a time and with little of the answer read.
 */
import { lookup as resolve, type LookupAddress } from "node:dns";
import { Agent as HttpAgent, type IncomingMessage, request as overHttp } from "node:http";
import { Agent as HttpsAgent, request as overHttps } from "node:https";
import type { LookupFunction } from "node:net";
import type { Clock } from "#kernel/clock";
import type { DurationMs } from "#kernel/units";
import type { SentWebhook, WebhookSender } from "#services/webhooks/ports";
import { signWebhook } from "./standard-webhooks.ts";
import { allowedAddress, hostOf, refusedTarget, type TargetRules } from "./webhook-target.ts";

export type WebhookSenderProps = {
  readonly rules: TargetRules;
  /** From looking the name up to the last byte that is read of the answer. */
  readonly timeout: DurationMs;
  readonly clock: Pick<Clock, "now">;
  /** Answers all addresses of a name. Default: the system's resolver. */
  readonly resolver?: Resolver;
};

export type Resolver = (
  name: string,
  answer: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** Of the answer; the log of deliveries shows it. */
const ANSWER_BYTES_MAX = 1024;
const ERROR_LENGTH_MAX = 200;

type Exchanged = Pick<SentWebhook, "status" | "answer" | "error">;

/** Never throws for what the receiver does: that is the outcome. */
export const httpWebhookSender = (props: WebhookSenderProps): WebhookSender => ({
  async send({ url, id, body, secret, formerSecrets }) {
    const sentAt = props.clock.now();
    const headers = {
      ...signWebhook({ id, sentAt, body, secret, formerSecrets }),
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
      "user-agent": "Inorder-Webhooks/1.0",
    };
    const refused = refusedTarget(url, props.rules);
    const exchanged: Exchanged =
      refused === undefined
        ? await exchange(props, { url: new URL(url), headers, body })
        : { error: `not sent: ${refused}` };
    const durationMs = Math.max(0, props.clock.now() - sentAt);
    return { at: sentAt, durationMs, ...exchanged, outcome: outcomeOf(exchanged) };
  },
});

/** 2xx is success, 410 asks for no more, all else is a failure. Source: Standard Webhooks. */
function outcomeOf({ status = 0 }: Exchanged): SentWebhook["outcome"] {
  if (status >= 200 && status <= 299) return "taken";
  return status === 410 ? "gone" : "refused";
}

type Post = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

function exchange(props: WebhookSenderProps, { url, headers, body }: Post): Promise<Exchanged> {
  const [send, agent] =
    url.protocol === "https:"
      ? [overHttps, new HttpsAgent({ keepAlive: false })]
      : [overHttp, new HttpAgent({ keepAlive: false })];
  const signal = AbortSignal.timeout(props.timeout);
  return new Promise((settle) => {
    const fail = (error: unknown): void => settle({ error: why(signal, error) });
    const request = send({
      method: "POST",
      host: hostOf(url),
      port: url.port === "" ? undefined : url.port,
      path: `${url.pathname}${url.search}`,
      headers: { ...headers, host: url.host },
      lookup: checkedLookup(props),
      agent,
      signal,
    });
    request.on("error", fail);
    request.on("response", (response) => {
      const settleWith = (answer: string): void => {
        settle({ status: response.statusCode ?? 0, answer });
        request.destroy();
      };
      // The status has come, so an answer that breaks off is an answer.
      beginning(response).then(settleWith, () => settleWith(""));
    });
    request.end(body);
  });
}

/**
 * The socket connects to exactly the addresses that were looked at, so a name that resolves to
 * something else a moment later (DNS rebinding) changes nothing. One bad address is enough to
 * refuse a name. Sockets call it for names only: literal addresses were checked in the URL.
 */
function checkedLookup({ rules, resolver = systemResolver }: WebhookSenderProps): LookupFunction {
  return (name, options, callback) => {
    resolver(name, (error, addresses) => {
      const [first] = addresses;
      if (error !== null) return callback(error, "", 4);
      const bad = addresses.find(({ address }) => !allowedAddress(address, rules));
      if (first === undefined || bad !== undefined) {
        return callback(new Error(`not sent: ${name} is at no public address`), "", 4);
      }
      if (options.all === true) return callback(null, [...addresses]);
      return callback(null, first.address, first.family);
    });
  };
}

const systemResolver: Resolver = (name, answer) =>
  resolve(name, { all: true }, (error, addresses) => answer(error, addresses ?? []));

/** As much as is shown; an answer without end is cut off, not waited for. */
async function beginning(response: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= ANSWER_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_BYTES_MAX).toString("utf8");
}

function why(signal: AbortSignal, error: unknown): string {
  if (signal.aborted) return "no answer in time";
  if (!(error instanceof Error)) return "the connection failed";
  const code = "code" in error && typeof error.code === "string" ? `${error.code}: ` : "";
  return `${code}${error.message}`.slice(0, ERROR_LENGTH_MAX);
}
