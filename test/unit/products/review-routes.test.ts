// Reviews over HTTP: one of each customer and product, changed only by its author, and stars that
// are counted once whatever happens.
import { beforeEach, expect, test } from "vitest";
import { reviewPage } from "#contracts/http/reviews";
import { later, seconds } from "#kernel/units";
import { productOfTest } from "../../support/products.ts";
import { noon } from "../../support/products-api.ts";
import { ORDER, type ReviewsApi, reviewsApi, typeOf, viewOf } from "../../support/reviews-api.ts";

let api: ReviewsApi;

beforeEach(async () => {
  api = await reviewsApi();
});

test("a review is published, and its stars count for the product", async () => {
  const answer = await api.write({ rating: 4, title: "Bright", text: "Very bright.\nToo bright." });

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
  const read = await api.get(view.reviewId);
  expect([read.body, read.headers?.["etag"]]).toEqual([answer.body, answer.headers?.["etag"]]);
  const headers = { "if-none-match": String(read.headers?.["etag"]) };
  expect((await api.get(view.reviewId, headers)).statusCode).toBe(304);
  expect(await api.stars()).toEqual({ count: 1, sum: 4 });
  expect(await api.products.get("lamp")).toMatchObject({ version: 2 });
});

test("a second review by the same customer is refused, the same words again are not", async () => {
  const words = { rating: 4, text: "Bright." };
  const first = await api.write(words);

  const again = await api.write(words, { now: later(noon, seconds(9)) });
  const second = await api.write({ rating: 1 });

  expect([again.statusCode, again.body]).toEqual([201, first.body]);
  expect([second.statusCode, typeOf(second)]).toEqual([409, "conflict"]);
  expect(await api.stars()).toEqual({ count: 1, sum: 4 });
});

test("however many write at once, every review counts once", async () => {
  const ratings = [1, 2, 3, 4, 5];

  await Promise.all(
    ratings.map((rating) => api.write({ rating }, { caller: `customer-${rating}` })),
  );
  await Promise.all([
    api.write({ rating: 5 }, { caller: "eva" }),
    api.write({ rating: 5 }, { caller: "eva" }),
  ]);

  expect(await api.stars()).toEqual({ count: 6, sum: 20 });
  expect(reviewPage.parse(JSON.parse((await api.list()).body)).reviews).toHaveLength(6);
});

test("its author changes it by what he has read of it; its stars follow", async () => {
  const created = await api.write({ rating: 4, title: "Bright", text: "Very." });
  const { reviewId } = viewOf(created);
  const etag = String(created.headers?.["etag"]);

  const blind = await api.patch(reviewId, { rating: 2 }, {}, {});
  const changed = await api.patch(reviewId, { rating: 2, title: null }, {}, { "if-match": etag });
  const late = await api.patch(reviewId, { rating: 1 }, {}, { "if-match": etag });

  expect([blind.statusCode, late.statusCode]).toEqual([428, 412]);
  expect(changed.statusCode).toBe(200);
  const view = viewOf(changed);
  expect([view.rating, view.title, view.text, view.version]).toEqual([2, undefined, "Very.", 2]);
  expect(await api.stars()).toEqual({ count: 1, sum: 2 });
});

test("another's review is not there to be changed or taken back", async () => {
  const { reviewId } = viewOf(await api.write({ rating: 4 }));

  const answers = [
    await api.patch(reviewId, { rating: 1 }, { caller: "bob" }),
    await api.remove(reviewId, { caller: "bob" }),
    await api.patch(ORDER, { rating: 1 }),
    await api.remove("nonsense"),
  ];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404]);
  expect(await api.stars()).toEqual({ count: 1, sum: 4 });
});

test("taken back it is gone with its words, twice is once; it may be written anew", async () => {
  const { reviewId } = viewOf(await api.write({ rating: 4, text: "Bright." }));

  const removed = [await api.remove(reviewId), await api.remove(reviewId)];

  expect(removed.map(({ statusCode }) => statusCode)).toEqual([204, 204]);
  expect((await api.get(reviewId)).statusCode).toBe(404);
  expect((await api.patch(reviewId, { rating: 1 })).statusCode).toBe(404);
  expect(await api.stars()).toBeUndefined();
  const anew = await api.write({ rating: 5 });
  expect([anew.statusCode, viewOf(anew).version]).toEqual([201, 3]);
  expect(await api.stars()).toEqual({ count: 1, sum: 5 });
});

test.each(["gone", "sofa", "a b", "x".repeat(3000)])(
  "the product %j is not there to be reviewed",
  async (sku) => {
    expect((await api.write({ rating: 5 }, {}, sku)).statusCode).toBe(404);
  },
);

test("pages go from the newest to the oldest, each product by itself", async () => {
  await api.products.write([productOfTest("chair")]);
  await api.write({ rating: 1 }, {}, "chair");
  for (let index = 1; index <= 5; index += 1) {
    await api.write({ rating: index }, { caller: `c-${index}`, now: later(noon, seconds(index)) });
  }
  const ratings: number[] = [];
  let query: Record<string, string> | undefined = { limit: "2" };

  while (query !== undefined && ratings.length < 10) {
    const answer = await api.list(query);
    const page = reviewPage.parse(JSON.parse(answer.body));
    ratings.push(...page.reviews.map(({ rating }) => rating));
    expect(answer.headers?.["link"] !== undefined).toBe(page.next !== undefined);
    query = page.next === undefined ? undefined : { limit: "2", cursor: page.next };
  }

  expect(ratings).toEqual([5, 4, 3, 2, 1]);
  const { next = "" } = reviewPage.parse(JSON.parse((await api.list({ limit: "2" })).body));
  expect((await api.list({ cursor: next }, "chair")).statusCode).toBe(400);
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
  const answer = await api.write(body);

  expect([answer.statusCode, typeOf(answer)]).toEqual([400, "invalid-request"]);
  expect(answer.body).toContain(`"${pointer}"`);
  expect(await api.stars()).toBeUndefined();
});
