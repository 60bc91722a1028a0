// What the sender does to a receiver and to a name that resolves to where it must not.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { verifyWebhook } from "#adapters/http/standard-webhooks";
import { httpWebhookSender, type Resolver } from "#adapters/http/webhook-sender";
import { type EpochMs, milliseconds } from "#kernel/units";
import { textsOf } from "../../support/webhook-receiver.ts";

const noon = 1_700_000_000_000 as EpochMs;
const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const former = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function receiver(answer: Answer) {
  const seen: { headers: Readonly<Record<string, string>>; text: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    request.on("end", () => {
      seen.push({
        headers: textsOf(request.headers),
        text: Buffer.concat(chunks).toString("utf8"),
      });
      answer(request, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, port: (server.address() as AddressInfo).port };
}

const sends = (
  url: string,
  {
    resolver,
    timeoutMs = 2000,
    allowsLoopback = true,
  }: {
    readonly resolver?: Resolver;
    readonly timeoutMs?: number;
    readonly allowsLoopback?: boolean;
  } = {},
) =>
  httpWebhookSender({
    rules: { allowsLoopback },
    timeout: milliseconds(timeoutMs),
    clock: { now: () => noon },
    ...(resolver !== undefined && { resolver }),
  }).send({ url, id: "msg_1", body: '{"type":"a"}', secret, formerSecrets: [former] });

test("a webhook arrives as it was signed, by every secret that holds", async () => {
  const { seen, port } = await receiver((_, response) => response.writeHead(200).end("thanks"));

  const sent = await sends(`http://127.0.0.1:${port}/hooks?a=b`);

  expect(sent).toEqual({
    at: noon,
    durationMs: 0,
    status: 200,
    answer: "thanks",
    outcome: "taken",
  });
  const [{ headers, text } = { headers: {}, text: "" }] = seen;
  for (const key of [secret, former]) {
    const verify = () => verifyWebhook({ headers, rawBody: text, secret: key, now: noon });
    expect(verify).not.toThrow();
  }
  expect(headers["webhook-id"]).toBe("msg_1");
  expect(headers["host"]).toBe(`127.0.0.1:${port}`);
});

test.each([
  [200, "taken"],
  [204, "taken"],
  [299, "taken"],
  [300, "refused"],
  [400, "refused"],
  [404, "refused"],
  [410, "gone"],
  [429, "refused"],
  [500, "refused"],
  [503, "refused"],
])("an answer of %i is %s", async (status, outcome) => {
  const { port } = await receiver((_, response) => response.writeHead(status).end());

  expect(await sends(`http://127.0.0.1:${port}/`)).toMatchObject({ status, outcome });
});

test("a redirection is an answer, not a way", async () => {
  const { seen, port } = await receiver((_, response) =>
    response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(),
  );

  expect(await sends(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 307 });
  expect(seen).toHaveLength(1);
});

test("of an answer without end only the beginning is read", async () => {
  const { port } = await receiver((_, response) => {
    response.writeHead(200);
    const more = (): void => {
      if (!response.destroyed) response.write("x".repeat(65_536), more);
    };
    more();
  });

  const { status, answer } = await sends(`http://127.0.0.1:${port}/`);

  expect(status).toBe(200);
  expect(answer).toBe("x".repeat(1024));
});

test("an answer that does not come is not waited for", async () => {
  const { port } = await receiver(() => undefined);

  const sent = await sends(`http://127.0.0.1:${port}/`, { timeoutMs: 50 });

  expect(sent).toMatchObject({ error: "no answer in time" });
  expect(sent.status).toBeUndefined();
});

test("where nobody listens it says so", async () => {
  const { port } = await receiver(() => undefined);
  closing.splice(0).forEach((close) => close());

  const { error } = await sends(`http://127.0.0.1:${port}/`);

  expect(error).toContain("ECONNREFUSED");
});

const at =
  (...addresses: string[]): Resolver =>
  (_, answer) =>
    answer(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );

test.each([
  [["127.0.0.1"]],
  [["10.0.0.1"]],
  [["169.254.169.254"]],
  [["::ffff:10.0.0.1"]],
  [["fd00::1"]],
  // One that is public does not make up for one that is not.
  [["8.8.8.8", "127.0.0.1"]],
  [[]],
])("a public name that is at %j is not called", async (addresses) => {
  const { seen, port } = await receiver((_, response) => response.end());

  const sent = await sends(`https://rebinding.example:8443/?${port}`, {
    resolver: at(...addresses),
    allowsLoopback: false,
  });

  expect(sent.error).toContain("is at no public address");
  expect(seen).toHaveLength(0);
});

test("the connection goes to the address that was checked: one look-up", async () => {
  const { seen, port } = await receiver((_, response) => response.writeHead(204).end());
  const asked: string[] = [];
  const rebinding: Resolver = (name, answer) => {
    asked.push(name);
    at(asked.length === 1 ? "127.0.0.1" : "10.0.0.1")(name, answer);
  };

  const sent = await sends(`http://localhost:${port}/`, { resolver: rebinding });

  expect(sent).toMatchObject({ status: 204 });
  expect(asked).toEqual(["localhost"]);
  expect(seen).toHaveLength(1);
});

test("a URL that the guard refuses is not even looked up", async () => {
  const asked: string[] = [];
  const sent = await sends("https://127.0.0.1/", {
    resolver: (name) => void asked.push(name),
    allowsLoopback: false,
  });

  expect(sent).toMatchObject({ error: "not sent: its address is not public" });
  expect(asked).toEqual([]);
});
