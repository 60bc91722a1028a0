// Reviews over HTTP: one of each customer and product, real purchases, moderation, and stars that
// are counted once whatever happens.
import { beforeEach, expect, test } from "vitest";
import { reviewPage, reviewView } from "#contracts/http/reviews";
import { type EpochMs, later, seconds } from "#kernel/units";
import { nextCommit } from "#messaging";
import type { GatewayRequest } from "../../support/gateway-event.ts";
import { productOfTest } from "../../support/products.ts";
import { noon, productsApi, type ProductsApi } from "../../support/products-api.ts";

let api: ProductsApi;

beforeEach(async () => {
  api = productsApi();
  await api.products.write([productOfTest("lamp"), productOfTest("gone", { deleted: true })]);
});

const COLLECTION = "/v1/products/{sku}/reviews";
const ITEM = `${COLLECTION}/{reviewId}`;

type Change = { readonly caller?: string; readonly now?: EpochMs; readonly scopes?: string[] };

const call = (request: GatewayRequest, { scopes = ["reviews:write"], ...change }: Change = {}) =>
  api.call(request, { scopes, caller: "ana", ...change });

const write = (body: unknown, change?: Change, sku = "lamp") =>
  call({ method: "POST", resource: COLLECTION, parameters: { sku }, body }, change);

const at = (reviewId: string) => ({ resource: ITEM, parameters: { sku: "lamp", reviewId } });

const patch = (reviewId: string, body: unknown, change?: Change, ifMatch: string | null = "*") =>
  call(
    {
      method: "PATCH",
      ...at(reviewId),
      body,
      headers: ifMatch === null ? {} : { "if-match": ifMatch },
    },
    change,
  );

const remove = (reviewId: string, change?: Change) =>
  call({ method: "DELETE", ...at(reviewId) }, change);

const moderate = (reviewId: string, body: unknown, scopes = ["reviews:moderate"]) =>
  call(
    {
      method: "POST",
      resource: `${ITEM}/moderate`,
      parameters: { sku: "lamp", reviewId },
      body,
    },
    { scopes, caller: "staff-1" },
  );

const hide = { decision: "hide", reason: "Not about the product." };
const publish = { decision: "publish", reason: "It is." };

const list = (query: Record<string, string> = {}) =>
  call({ method: "GET", resource: COLLECTION, parameters: { sku: "lamp" }, query });

const viewOf = (answer: { readonly body: string }) => reviewView.parse(JSON.parse(answer.body));

const typeOf = (answer: { readonly body: string }): string =>
  String((JSON.parse(answer.body) as { type: string }).type).replace("urn:inorder:problem:", "");

const stars = async () => (await api.products.get("lamp"))?.rating;

const ORDER = "0123456789ABCDEFGHJKMNPQRS";

async function order(customerId: string, ...types: readonly string[]): Promise<void> {
  const placed = {
    orderId: ORDER,
    customerId,
    placedAt: noon,
    currency: "BRL",
    lines: [{ sku: "lamp", quantity: 1, unitPrice: 1990, unitFreight: 500 }],
    total: 2490,
  };
  const events = [
    { type: "order.placed", data: placed },
    ...types.map((type) => ({ type, data: {} })),
  ];
  await api.orders.append(nextCommit(ORDER, [], { events, recordedAt: noon }));
}

test("a review is published, and its stars count for the product", async () => {
  const answer = await write({ rating: 4, title: "Bright", text: "Very bright.\nToo bright." });

  expect(answer.statusCode).toBe(201);
  const view = viewOf(answer);
  expect(view).toMatchObject({
    sku: "lamp",
    rating: 4,
    title: "Bright",
    verifiedPurchase: false,
    status: "published",
    version: 1,
  });
  expect(answer.headers?.["location"]).toBe(`/v1/products/lamp/reviews/${view.reviewId}`);
  expect(answer.body).not.toContain("ana");
  const read = await call({ method: "GET", ...at(view.reviewId) });
  expect([read.body, read.headers?.["etag"]]).toEqual([answer.body, answer.headers?.["etag"]]);
  const headers = { "if-none-match": String(read.headers?.["etag"]) };
  expect((await call({ method: "GET", ...at(view.reviewId), headers })).statusCode).toBe(304);
  expect(await stars()).toEqual({ count: 1, sum: 4 });
  expect(await api.products.get("lamp")).toMatchObject({ version: 2 });
});

test("a second review by the same customer is refused, the same words again are not", async () => {
  const words = { rating: 4, text: "Bright." };
  const first = await write(words);

  const again = await write(words, { now: later(noon, seconds(9)) });
  const second = await write({ rating: 1 });

  expect([again.statusCode, again.body]).toEqual([201, first.body]);
  expect([second.statusCode, typeOf(second)]).toEqual([409, "conflict"]);
  expect(await stars()).toEqual({ count: 1, sum: 4 });
});

test("however many write at once, every review counts once", async () => {
  const ratings = [1, 2, 3, 4, 5];

  await Promise.all(ratings.map((rating) => write({ rating }, { caller: `customer-${rating}` })));
  await Promise.all([
    write({ rating: 5 }, { caller: "eva" }),
    write({ rating: 5 }, { caller: "eva" }),
  ]);

  expect(await stars()).toEqual({ count: 6, sum: 20 });
  expect(reviewPage.parse(JSON.parse((await list()).body)).reviews).toHaveLength(6);
});

test("its author changes it by what he has read of it; its stars follow", async () => {
  const created = await write({ rating: 4, title: "Bright", text: "Very." });
  const { reviewId } = viewOf(created);
  const etag = String(created.headers?.["etag"]);

  const blind = await patch(reviewId, { rating: 2 }, {}, null);
  const changed = await patch(reviewId, { rating: 2, title: null }, {}, etag);
  const late = await patch(reviewId, { rating: 1 }, {}, etag);

  expect([blind.statusCode, late.statusCode]).toEqual([428, 412]);
  expect(changed.statusCode).toBe(200);
  const view = viewOf(changed);
  expect([view.rating, view.title, view.text, view.version]).toEqual([2, undefined, "Very.", 2]);
  expect(await stars()).toEqual({ count: 1, sum: 2 });
});

test("another's review is not there to be changed or taken back", async () => {
  const { reviewId } = viewOf(await write({ rating: 4 }));

  const answers = [
    await patch(reviewId, { rating: 1 }, { caller: "bob" }),
    await remove(reviewId, { caller: "bob" }),
    await patch(ORDER, { rating: 1 }),
    await remove("nonsense"),
  ];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404]);
  expect(await stars()).toEqual({ count: 1, sum: 4 });
});

test("taken back it is gone with its words, twice is once, and it may be written anew", async () => {
  const { reviewId } = viewOf(await write({ rating: 4, text: "Bright." }));

  const removed = [await remove(reviewId), await remove(reviewId)];

  expect(removed.map(({ statusCode }) => statusCode)).toEqual([204, 204]);
  expect((await call({ method: "GET", ...at(reviewId) })).statusCode).toBe(404);
  expect((await patch(reviewId, { rating: 1 })).statusCode).toBe(404);
  expect(await stars()).toBeUndefined();
  const anew = await write({ rating: 5 });
  expect([anew.statusCode, viewOf(anew).version]).toEqual([201, 3]);
  expect(await stars()).toEqual({ count: 1, sum: 5 });
});

test("what staff hides nobody sees and does not count, until it is published again", async () => {
  const { reviewId } = viewOf(await write({ rating: 1, text: "Call me." }));
  await write({ rating: 5 }, { caller: "bob" });

  const hidden = [await moderate(reviewId, hide), await moderate(reviewId, hide)];

  expect(hidden.map((answer) => viewOf(answer))).toMatchObject([
    { status: "hidden", version: 2 },
    { status: "hidden", version: 2 },
  ]);
  expect((await call({ method: "GET", ...at(reviewId) })).statusCode).toBe(404);
  expect(reviewPage.parse(JSON.parse((await list()).body)).reviews).toHaveLength(1);
  expect(await stars()).toEqual({ count: 1, sum: 5 });

  expect(viewOf(await patch(reviewId, { rating: 3 })).status).toBe("hidden");
  expect(await stars()).toEqual({ count: 1, sum: 5 });
  expect(viewOf(await moderate(reviewId, publish)).status).toBe("published");
  expect(await stars()).toEqual({ count: 2, sum: 8 });
});

test("what was hidden does not come back by being taken back and written anew", async () => {
  const { reviewId } = viewOf(await write({ rating: 1, text: "Call me." }));
  await moderate(reviewId, hide);
  await remove(reviewId);

  const anew = await write({ rating: 1, text: "Call me." });

  expect(viewOf(anew).status).toBe("hidden");
  expect(await stars()).toBeUndefined();
  expect((await list()).body).toBe('{"reviews":[]}');
});

test("a purchase is verified by an order of the author's own that is paid", async () => {
  await order("ana", "order.confirmed");

  const bought = await write({ rating: 5, orderId: ORDER });
  const others = await write({ rating: 5, orderId: ORDER }, { caller: "bob" });
  const { reviewId } = viewOf(bought);
  const changed = await patch(reviewId, { rating: 4 });

  expect(viewOf(bought).verifiedPurchase).toBe(true);
  expect(viewOf(changed).verifiedPurchase).toBe(true);
  expect([others.statusCode, typeOf(others)]).toEqual([400, "invalid-request"]);
  expect(others.body).toContain("/orderId");
});

test("a review without an order gets its mark when its author names one", async () => {
  await order("ana", "order.confirmed");
  const { reviewId } = viewOf(await write({ rating: 5 }));

  expect(viewOf(await patch(reviewId, { orderId: ORDER })).verifiedPurchase).toBe(true);
});

test.each([
  { what: "is not confirmed", types: [] },
  { what: "was rejected", types: ["order.rejected"] },
  { what: "was cancelled", types: ["order.confirmed", "order.cancelled"] },
])("an order that $what is no purchase", async ({ types }) => {
  await order("ana", ...types);

  const answer = await write({ rating: 5, orderId: ORDER });

  expect(answer.statusCode).toBe(400);
  expect(await stars()).toBeUndefined();
});

test("an order of something else, or of nobody, is no purchase", async () => {
  await order("ana", "order.confirmed");
  await api.products.write([productOfTest("chair")]);

  expect((await write({ rating: 5, orderId: ORDER }, {}, "chair")).statusCode).toBe(400);
  const unknown = ORDER.replace("0", "9");
  expect((await write({ rating: 5, orderId: unknown })).statusCode).toBe(400);
});

test.each(["gone", "sofa", "a b", "x".repeat(3000)])(
  "the product %j is not there to be reviewed",
  async (sku) => {
    expect((await write({ rating: 5 }, {}, sku)).statusCode).toBe(404);
  },
);

test("pages go from the newest to the oldest, each product by itself", async () => {
  await api.products.write([productOfTest("chair")]);
  await write({ rating: 1 }, {}, "chair");
  for (let index = 1; index <= 5; index += 1) {
    await write({ rating: index }, { caller: `c-${index}`, now: later(noon, seconds(index)) });
  }
  const ratings: number[] = [];
  let query: Record<string, string> | undefined = { limit: "2" };

  while (query !== undefined && ratings.length < 10) {
    const answer = await list(query);
    const page = reviewPage.parse(JSON.parse(answer.body));
    ratings.push(...page.reviews.map(({ rating }) => rating));
    expect(answer.headers?.["link"] !== undefined).toBe(page.next !== undefined);
    query = page.next === undefined ? undefined : { limit: "2", cursor: page.next };
  }

  expect(ratings).toEqual([5, 4, 3, 2, 1]);
  const { next = "" } = reviewPage.parse(JSON.parse((await list({ limit: "2" })).body));
  const parameters = { sku: "chair" };
  const foreign = { method: "GET", resource: COLLECTION, parameters, query: { cursor: next } };
  expect((await call(foreign)).statusCode).toBe(400);
});

test.each([
  { body: {}, pointer: "/rating" },
  { body: { rating: 0 }, pointer: "/rating" },
  { body: { rating: 6 }, pointer: "/rating" },
  { body: { rating: 4.5 }, pointer: "/rating" },
  { body: { rating: "5" }, pointer: "/rating" },
  { body: { rating: 5, text: "" }, pointer: "/text" },
  { body: { rating: 5, text: "x".repeat(5001) }, pointer: "/text" },
  { body: { rating: 5, title: "a\u0007" }, pointer: "/title" },
  { body: { rating: 5, orderId: "mine" }, pointer: "/orderId" },
  { body: { rating: 5, verifiedPurchase: true }, pointer: "/verifiedPurchase" },
])("the review $body is refused at $pointer", async ({ body, pointer }) => {
  const answer = await write(body);

  expect([answer.statusCode, typeOf(answer)]).toEqual([400, "invalid-request"]);
  expect(answer.body).toContain(`"${pointer}"`);
  expect(await stars()).toBeUndefined();
});

test("a decision has a reason, and only staff takes one", async () => {
  const { reviewId } = viewOf(await write({ rating: 1 }));

  const answers = [
    await moderate(reviewId, hide, ["reviews:write"]),
    await moderate(reviewId, { decision: "hide" }),
    await moderate(reviewId, { ...hide, decision: "burn" }),
    await moderate(ORDER, hide),
  ];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 400, 400, 404]);
  expect(await stars()).toEqual({ count: 1, sum: 1 });
});
