/**
 * A receiver of webhooks on this machine, as a customer would run one: it keeps what arrives and
 * answers as a test tells it to.
 */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { verifyWebhook } from "#adapters/http/standard-webhooks";
import { systemClock } from "#kernel/clock";
import { eventually } from "./eventually.ts";
import { asRecord } from "./shop/api.ts";

export type Received = {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: Record<string, unknown>;
};

export const textsOf = (headers: IncomingHttpHeaders): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
  );

export type Receiver = Awaited<ReturnType<typeof openReceiver>>;

const PATIENCE = { withinMs: 60_000, everyMs: 100 };

export async function openReceiver() {
  const inboxes = new Map<string, Received[]>();
  const answers = new Map<string, number[]>();
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const inbox = request.url ?? "";
      inboxes.get(inbox)?.push({
        headers: textsOf(request.headers),
        text,
        body: asRecord(JSON.parse(text)),
      });
      const status = answers.get(inbox)?.shift() ?? 204;
      response.writeHead(status, status === 302 ? { location: inbox } : {}).end();
    });
  });
  const port = await listening(server);
  const received = (inbox: string): readonly Received[] => inboxes.get(inbox) ?? [];

  return {
    received,
    newInbox(): string {
      const inbox = `/inbox-${inboxes.size + 1}`;
      inboxes.set(inbox, []);
      return inbox;
    },
    urlOf: (inbox: string): string => `http://127.0.0.1:${port}${inbox}`,
    /** What the next requests are answered; after that 204. */
    answer(inbox: string, ...statuses: number[]): void {
      answers.set(inbox, statuses);
    },
    /** Once so many have arrived. */
    once: (inbox: string, count: number): Promise<readonly Received[]> =>
      eventually(async () => {
        const got = received(inbox);
        if (got.length < count) throw new Error(`${got.length} of ${count} webhooks`);
        return got;
      }, PATIENCE),
    until: (holds: () => Promise<boolean>): Promise<boolean> =>
      eventually(async () => {
        if (await holds()) return true;
        throw new Error("not yet");
      }, PATIENCE),
    isGenuine({ headers, text }: Received, secret: string): boolean {
      try {
        verifyWebhook({ headers, rawBody: text, secret, now: systemClock.now() });
        return true;
      } catch {
        return false;
      }
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
