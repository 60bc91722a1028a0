/**
 * A stand-in for OpenSearch on the loopback interface: it keeps documents by their external
 * version, as the bulk interface documents it, remembers what it was asked, and answers searches
 * with what a test has prepared. It does not search.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type Asked = { readonly method: string; readonly path: string; readonly body: string };

export type OpenSearchServer = {
  readonly address: string;
  readonly asked: readonly Asked[];
  readonly documents: ReadonlyMap<string, unknown>;
  /** Answers the next search with this. */
  answer(status: number, body: unknown): void;
  /** Of the next bulk request every item fails so. */
  failBulk(status: number): void;
  stop(): Promise<void>;
};

type Stored = { readonly version: number; readonly document: unknown };
type Action = { readonly index: { readonly _id: string; readonly version: number } };
type Reply = { readonly status: number; readonly body: unknown };

export async function startOpenSearchServer(): Promise<OpenSearchServer> {
  const asked: Asked[] = [];
  const stored = new Map<string, Stored>();
  const answers: Reply[] = [];
  const indexes = new Set<string>();
  let bulkStatus: number | undefined;

  const bulk = (body: string): Reply => {
    const lines = body.trim().split("\n");
    const items = [];
    for (let at = 0; at < lines.length; at += 2) {
      const { index } = JSON.parse(lines[at] ?? "") as Action;
      const isNewer = index.version > (stored.get(index._id)?.version ?? 0);
      const status = bulkStatus ?? (isNewer ? 201 : 409);
      if (status < 300) {
        const document: unknown = JSON.parse(lines[at + 1] ?? "");
        stored.set(index._id, { version: index.version, document });
      }
      items.push({ index: { _id: index._id, status, ...(status < 300 ? {} : { error: "no" }) } });
    }
    bulkStatus = undefined;
    return { status: 200, body: { took: 1, errors: false, items } };
  };

  const create = (path: string): Reply => {
    if (!indexes.has(path)) {
      indexes.add(path);
      return { status: 200, body: { acknowledged: true } };
    }
    return { status: 400, body: { error: { type: "resource_already_exists_exception" } } };
  };

  const replyTo = ({ method, path, body }: Asked): Reply => {
    if (path === "/_bulk") return bulk(body);
    if (method === "PUT") return create(path);
    return answers.shift() ?? { status: 404, body: { error: "nothing is prepared" } };
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const [path = ""] = (request.url ?? "").split("?");
      const body = Buffer.concat(chunks).toString("utf8");
      const one = { method: request.method ?? "", path, body };
      asked.push(one);
      const reply = replyTo(one);
      response.writeHead(reply.status, { "content-type": "application/json" });
      response.end(JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    get documents() {
      return new Map([...stored].map(([id, { document }]) => [id, document]));
    },
    answer: (status, body) => void answers.push({ status, body }),
    failBulk: (status) => void (bulkStatus = status),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
