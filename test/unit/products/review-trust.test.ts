// What of a review can be trusted: purchases that are real ones, and what staff decides.
import { beforeEach, expect, test } from "vitest";
import { reviewPage } from "#contracts/http/reviews";
import { productOfTest } from "../../support/products.ts";
import {
  hide,
  ORDER,
  publish,
  type ReviewsApi,
  reviewsApi,
  typeOf,
  viewOf,
} from "../../support/reviews-api.ts";

let api: ReviewsApi;

beforeEach(async () => {
  api = await reviewsApi();
});

test("what staff hides nobody sees and does not count, until it is published again", async () => {
  const { reviewId } = viewOf(await api.write({ rating: 1, text: "Call me." }));
  await api.write({ rating: 5 }, { caller: "bob" });

  const hidden = [await api.moderate(reviewId, hide), await api.moderate(reviewId, hide)];

  expect(hidden.map((answer) => viewOf(answer))).toMatchObject([
    { status: "hidden", version: 2 },
    { status: "hidden", version: 2 },
  ]);
  expect((await api.get(reviewId)).statusCode).toBe(404);
  expect(reviewPage.parse(JSON.parse((await api.list()).body)).reviews).toHaveLength(1);
  expect(await api.stars()).toEqual({ count: 1, sum: 5 });

  expect(viewOf(await api.patch(reviewId, { rating: 3 })).status).toBe("hidden");
  expect(await api.stars()).toEqual({ count: 1, sum: 5 });
  expect(viewOf(await api.moderate(reviewId, publish)).status).toBe("published");
  expect(await api.stars()).toEqual({ count: 2, sum: 8 });
});

test("what was hidden does not come back by being taken back and written anew", async () => {
  const { reviewId } = viewOf(await api.write({ rating: 1, text: "Call me." }));
  await api.moderate(reviewId, hide);
  await api.remove(reviewId);

  const anew = await api.write({ rating: 1, text: "Call me." });

  expect(viewOf(anew).status).toBe("hidden");
  expect(await api.stars()).toBeUndefined();
  expect((await api.list()).body).toBe('{"reviews":[]}');
});

test("a purchase is verified by an order of the author's own that was delivered", async () => {
  await api.order("ana", "order.confirmed", "shipped", "delivered");

  const bought = await api.write({ rating: 5, orderId: ORDER });
  const others = await api.write({ rating: 5, orderId: ORDER }, { caller: "bob" });
  const { reviewId } = viewOf(bought);
  const changed = await api.patch(reviewId, { rating: 4 });

  expect(viewOf(bought).verifiedPurchase).toBe(true);
  expect(viewOf(changed).verifiedPurchase).toBe(true);
  expect([others.statusCode, typeOf(others)]).toEqual([400, "invalid-request"]);
  expect(others.body).toContain("/orderId");
});

test("a review without an order gets its mark when its author names one", async () => {
  await api.order("ana", "order.confirmed", "shipped", "delivered");
  const { reviewId } = viewOf(await api.write({ rating: 5 }));

  expect(viewOf(await api.patch(reviewId, { orderId: ORDER })).verifiedPurchase).toBe(true);
});

test.each([
  { what: "is not confirmed", happened: [] },
  { what: "was rejected", happened: ["order.rejected"] },
  { what: "can still be cancelled", happened: ["order.confirmed", "approved"] },
  { what: "is on its way", happened: ["order.confirmed", "shipped"] },
  {
    what: "is being cancelled",
    happened: ["order.confirmed", "order.cancel-requested", "delivered"],
  },
  { what: "was cancelled", happened: ["order.confirmed", "delivered", "order.cancelled"] },
])("an order that $what is no purchase", async ({ happened }) => {
  await api.order("ana", ...happened);

  const answer = await api.write({ rating: 5, orderId: ORDER });

  expect(answer.statusCode).toBe(400);
  expect(await api.stars()).toBeUndefined();
});

test("an order of something else, or of nobody, is no purchase", async () => {
  await api.order("ana", "order.confirmed", "shipped", "delivered");
  await api.products.write([productOfTest("chair")]);

  expect((await api.write({ rating: 5, orderId: ORDER }, {}, "chair")).statusCode).toBe(400);
  const unknown = ORDER.replace("0", "9");
  expect((await api.write({ rating: 5, orderId: unknown })).statusCode).toBe(400);
});

test("a decision has a reason, and only staff takes one", async () => {
  const { reviewId } = viewOf(await api.write({ rating: 1 }));

  const answers = [
    await api.moderate(reviewId, hide, ["reviews:write"]),
    await api.moderate(reviewId, { decision: "hide" }),
    await api.moderate(reviewId, { ...hide, decision: "burn" }),
    await api.moderate(ORDER, hide),
  ];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 400, 400, 404]);
  expect(await api.stars()).toEqual({ count: 1, sum: 1 });
});
