// Every route of the route table and everything that can be wrong with a request to it: each is a
// problem that says what and where, never an error of ours, and nothing is written.
import { randomUUID } from "node:crypto";
import { beforeAll, expect, inject, test } from "vitest";
import { SCOPES } from "#contracts/http/scopes";
import type { Operation } from "#contracts/http/operations/operation";
import { OPERATIONS } from "#contracts/http/operations/operations";
import { ORDER_STAFF } from "#contracts/http/order-routes";
import { PROBLEM_TYPE } from "#contracts/http/problem";
import type { Route } from "#contracts/http/route";
import { type RouteKey, ROUTES } from "#contracts/http/routes";
import { openShop } from "../support/shop.ts";
import type { Answer } from "../support/shop/api.ts";
import type { BadRequest, Sender } from "../support/bad-requests/bad-request.ts";
import { faultsOf, rightRequest } from "../support/bad-requests/faults.ts";
import { goodRequests } from "../support/bad-requests/good-requests.ts";
import { existing, itemsAbout } from "../support/bad-requests/things.ts";
import { signatures } from "../support/bad-requests/signatures.ts";

const shop = openShop(inject("shop"));
const signed = signatures(shop);
const tokens: Partial<Record<Sender, string>> = {};
let good: ReturnType<typeof goodRequests>;
let marks: readonly string[] = [];
let before: readonly string[] = [];

beforeAll(async () => {
  const [owner, stranger, poor] = await Promise.all([
    shop.token(...SCOPES),
    // Whoever looks after orders may see anybody's.
    shop.token(...SCOPES.filter((scope) => scope !== ORDER_STAFF)),
    shop.token("orders:import"),
  ]);
  Object.assign(tokens, { owner, stranger, "without-scope": poor });
  const things = await existing(shop, owner);
  good = goodRequests(things);
  marks = [things.sku, things.orderId, things.cartId, things.endpointId, things.reservationId];
  before = await itemsAbout(shop, marks, Object.values(tokens));
});

const all: readonly Route[] = ROUTES;

test.each(all.map((route) => ({ route, key: `${route.method} ${route.path}` })))(
  "$key refuses what is wrong",
  async ({ route, key }) => {
    const faults = faultsOf(route, good[key as RouteKey]);

    const answers = await inTurns(faults, (fault) => sent(route, fault));

    expect(answers).toEqual(faults.map(told));
  },
);

const NOTHING = "0".repeat(26);
const reason = "a reason";

const impossible: readonly {
  readonly key: RouteKey;
  readonly name: string;
  readonly body: unknown;
  readonly status: number;
  readonly code: string;
}[] = [
  {
    key: "POST /v1/orders/{orderId}/review",
    name: "a decision that nobody waits for",
    body: { decision: "declined", reason },
    status: 409,
    code: "order-not-open",
  },
  {
    key: "POST /v1/orders/{orderId}/refunds",
    name: "more than was paid",
    body: { amount: 1_001, reason },
    status: 409,
    code: "refund-exceeds-payment",
  },
  {
    key: "POST /v1/orders/{orderId}/returns",
    name: "what was never sent",
    body: { lines: [{ sku: "another", quantity: 1 }], reason },
    status: 409,
    code: "return-not-possible",
  },
  {
    key: "POST /v1/admin/sagas/{orderId}/retry",
    name: "a saga that is not stuck",
    body: { reason },
    status: 409,
    code: "not-stuck",
  },
  {
    key: "POST /v1/admin/sagas/{orderId}/retry",
    name: "a refund that nobody asked for",
    body: { reason, refundId: NOTHING },
    status: 409,
    code: "not-stuck",
  },
  {
    key: "POST /v1/admin/sagas/{orderId}/resolve",
    name: "a payment that was never made",
    body: { outcome: "confirmed", paymentId: "pay_0", reason },
    status: 409,
    code: "records-disagree",
  },
  {
    key: "POST /v1/webhook-endpoints",
    name: "an address inside",
    body: { url: "https://169.254.169.254/latest/meta-data" },
    status: 422,
    code: "target-refused",
  },
];

test.each(impossible)("$name is refused: $key", async ({ key, name, body, status, code }) => {
  const [method = "", template = ""] = key.split(" ");
  const { orderId = "" } = good[key].path ?? {};
  const path = template.replace("{orderId}", orderId);

  const answer = await shop.call(method, path, { ...keyed(), body });

  const media = answer.headers.get("content-type");
  expect(told({ name, status: answer.status, code: codeOf(answer), media })).toBe(
    told({ name, status, code }),
  );
});

test("what is right and asks only is answered as the document of the routes says", async () => {
  const asking = all.filter(({ method }) => method === "GET");

  const wrong = await inTurns(asking, async (route) => {
    const key = `${route.method} ${route.path}` as RouteKey;
    const { answer }: Operation = OPERATIONS[key];
    const { path, headers } = rightRequest(route, good[key]);
    const got = await shop.call("GET", path, { token: tokens.owner ?? "", headers });
    const issues = answer.body?.schema.safeParse(got.body).error?.issues ?? [];
    return got.status === answer.status && issues.length === 0 ? [] : [[key, got.status, issues]];
  });

  expect(wrong.flat()).toEqual([]);
});

test("nothing was written", async () => {
  expect(await itemsAbout(shop, marks, Object.values(tokens))).toEqual(before);
});

const HOSTILE =
  "'; DROP TABLE orders; -- <script>alert(1)</script> {{7*7}} #{7*7} __proto__ \u{1F600}";

test("hostile text is text: it is kept as it was sent and changes nothing else", async () => {
  const about = good["PATCH /v1/webhook-endpoints/{endpointId}"];
  const endpoint = `/v1/webhook-endpoints/${about.path?.["endpointId"] ?? ""}`;
  const stock = `/v1/inventory/${good["GET /v1/inventory/{sku}"].path?.["sku"] ?? ""}/adjustments`;
  const headers = { "if-match": about.ifMatch ?? "" };
  const token = tokens.owner ?? "";

  const [changed, adjusted] = await Promise.all([
    shop.call("PATCH", endpoint, { token, headers, body: { description: HOSTILE } }),
    shop.call("POST", stock, { ...keyed(), body: { delta: 1, reason: HOSTILE } }),
  ]);
  const seen = await shop.call("GET", endpoint, { token });
  const log = await shop.call("GET", stock, { token });

  expect([changed.status, adjusted.status]).toEqual([200, 201]);
  expect(seen.body).toMatchObject({ description: HOSTILE, status: "enabled", version: 2 });
  expect(log.body["adjustments"]).toMatchObject([{ delta: 1, reason: HOSTILE }]);
});

test("a key that was used stands for its own request and for no other", async () => {
  const used: readonly (readonly [RouteKey, unknown])[] = [
    ["POST /v1/orders/{orderId}/refunds", { amount: 101, reason }],
    [
      "POST /v1/reservations",
      { ...good["POST /v1/reservations"].body, lines: [{ sku: "x", quantity: 1 }] },
    ],
    ["POST /v1/webhook-endpoints", { url: "http://127.0.0.1:9/third" }],
    ["POST /v1/inventory/{sku}/adjustments", { delta: 6, reason }],
  ];

  const answers = await Promise.all(
    used.map(async ([key, other]) => {
      const { path: named = {}, body } = good[key];
      const [method = "", template = ""] = key.split(" ");
      const path = Object.entries(named).reduce(
        (text, [name, id]) => text.replace(`{${name}}`, id),
        template,
      );
      const call = keyed();
      const first = await shop.call(method, path, { ...call, body });
      const again = await shop.call(method, path, { ...call, body });
      const reused = await shop.call(method, path, { ...call, body: other });
      return [key, first.status < 300, again.text === first.text, codeOf(reused)];
    }),
  );

  expect(answers).toEqual(used.map(([key]) => [key, true, true, "idempotency-key-reused"]));
});

const keyed = () => ({
  token: tokens.owner ?? "",
  headers: { "idempotency-key": randomUUID() },
});

async function sent(route: Route, bad: BadRequest): Promise<string> {
  const { name, sender, path, headers, body, pointers: expected } = bad;
  const token = route.access === "signature" ? undefined : tokens[sender];
  const signature =
    route.access === "signature" && sender === "owner" ? await signed(route.path, body ?? "") : {};
  const answer = await shop.call(route.method, path, {
    ...(token !== undefined && { token }),
    headers: { ...signature, ...headers },
    ...(body !== undefined && { body }),
  });
  const problems = (answer.body["errors"] ?? []) as readonly { readonly pointer: string }[];
  const pointers = problems.map(({ pointer }) => pointer);
  return told({
    name,
    status: answer.status,
    code: codeOf(answer),
    // What is wrong in one place may be wrong with another, as currencies that differ.
    ...(expected !== undefined && { pointers: isAll(expected, pointers) ? expected : pointers }),
    media: answer.headers.get("content-type") ?? "no media type",
  });
}

const isAll = (wanted: readonly string[], found: readonly string[]): boolean =>
  wanted.every((pointer) => found.includes(pointer));

const codeOf = ({ body }: Answer): string =>
  String(body["type"]).replace("urn:inorder:problem:", "");

type Told = Pick<BadRequest, "name" | "status" | "code" | "pointers"> & {
  readonly media?: string | null;
};

const told = ({ name, status, code, pointers, media = PROBLEM_TYPE }: Told): string =>
  `${name}: ${status} ${code} ${pointers?.join() ?? ""} ${media}`;

/** Some at once: more would only wait for the same two processors. */
const AT_ONCE = 8;

async function inTurns<Item, Result>(
  items: readonly Item[],
  each: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(each))));
  }
  return results;
}
