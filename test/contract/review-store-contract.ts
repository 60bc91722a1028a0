/**
 * What every store of reviews must do, with the store of the products whose stars it counts. An
 * adapter's own test file calls this with its constructor.
 */
import { expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import type { ProductStore, Review, ReviewStore } from "#services/products/ports";
import { productOfTest } from "../support/products.ts";

export type ReviewedProducts = { readonly reviews: ReviewStore; readonly products: ProductStore };

export function reviewStoreContract(open: () => Promise<ReviewedProducts>): void {
  const lamp = productOfTest("lamp", { category: "light" });

  const reviewOf = (customer: string, differs: Partial<Review> = {}): Review => ({
    sku: "lamp",
    reviewId: `review-of-${customer}`,
    customerId: customer,
    rating: 4,
    deleted: false,
    version: 1,
    createdAt: 5 as EpochMs,
    updatedAt: 9 as EpochMs,
    ...differs,
  });
  const none = { count: 0, sum: 0 };

  async function withLamp(): Promise<ReviewedProducts> {
    const opened = await open();
    await opened.products.write([lamp]);
    return opened;
  }

  test("a review is read as it was written, and its stars are the product's", async () => {
    const { reviews, products } = await withLamp();
    const review = reviewOf("ana", {
      title: "Bright",
      text: "Too bright.",
      orderId: "some-order",
      moderation: { decision: "publish", reason: "Fair.", moderatorId: "staff" },
    });

    expect(await reviews.write(review, { count: 1, sum: 4 })).toBe("written");

    expect(await reviews.get("lamp", review.reviewId)).toEqual(review);
    expect(await reviews.get("lamp", "another")).toBeUndefined();
    expect(await products.get("lamp")).toEqual({
      ...lamp,
      rating: { count: 1, sum: 4 },
      version: 2,
      updatedAt: 9,
    });
  });

  test("a change that adds no stars is no version of the product", async () => {
    const { reviews, products } = await withLamp();
    await reviews.write(reviewOf("ana"), { count: 1, sum: 4 });

    const answer = await reviews.write(reviewOf("ana", { version: 2, text: "Still." }), none);

    expect(answer).toBe("written");
    expect(await products.get("lamp")).toMatchObject({ version: 2 });
  });

  test("of two who write one version one counts; what stands there already does not", async () => {
    const { reviews, products } = await withLamp();
    await reviews.write(reviewOf("ana"), { count: 1, sum: 4 });
    const [four, five] = [4, 5].map((rating) => reviewOf("ana", { version: 2, rating }));
    if (four === undefined || five === undefined) throw new Error("two are made");

    const answers = await Promise.all([
      reviews.write({ ...four, text: "x" }, none),
      reviews.write(five, { count: 0, sum: 1 }),
    ]);
    const standing = await reviews.get("lamp", five.reviewId);
    const before = await products.get("lamp");

    expect(answers.toSorted()).toEqual(["refused", "written"]);
    const again = await reviews.write(standing ?? five, { count: 0, sum: 1 });
    expect(again).toBe("written");
    expect(await reviews.write(reviewOf("ana", { version: 5 }), none)).toBe("refused");
    expect(await products.get("lamp")).toEqual(before);
  });

  test("however many write at once, each counts once and each is a version", async () => {
    const { reviews, products } = await withLamp();
    const customers = Array.from({ length: 20 }, (_, index) => `customer-${index}`);

    await Promise.all(customers.map((name) => reviews.write(reviewOf(name), { count: 1, sum: 4 })));

    const product = await products.get("lamp");
    expect([product?.rating, product?.version]).toEqual([{ count: 20, sum: 80 }, 21]);
  });

  test("a keeper who changes the product meanwhile loses no stars, nor is he lost", async () => {
    const { reviews, products } = await withLamp();
    await reviews.write(reviewOf("ana"), { count: 1, sum: 4 });

    expect(await products.write([{ ...lamp, version: 2, price: 1 }])).toEqual(["lamp"]);
    const current = await products.get("lamp");
    if (current !== undefined) await products.write([{ ...current, version: 3, price: 1 }]);
    await reviews.write(reviewOf("bob"), { count: 1, sum: 4 });

    expect(await products.get("lamp")).toMatchObject({
      price: 1,
      rating: { count: 2, sum: 8 },
      version: 4,
    });
  });

  test("without its product nothing is written", async () => {
    const { reviews } = await withLamp();
    const lost = reviewOf("ana", { sku: "sofa" });

    expect(await reviews.write(lost, { count: 1, sum: 4 })).toBe("no-product");

    expect(await reviews.get("sofa", lost.reviewId)).toBeUndefined();
    expect((await reviews.list({ sku: "sofa", limit: 5 })).reviews).toEqual([]);
  });

  test("the last stars taken off leave none", async () => {
    const { reviews, products } = await withLamp();
    await reviews.write(reviewOf("ana"), { count: 1, sum: 4 });
    const gone = reviewOf("ana", { version: 2, deleted: true });

    await reviews.write(gone, { count: -1, sum: -4 });

    expect(await products.get("lamp")).toEqual({ ...lamp, version: 3, updatedAt: 9 });
    expect(await reviews.get("lamp", gone.reviewId)).toEqual(gone);
  });

  test("pages show what is published, newest first, each once", async () => {
    const { reviews } = await withLamp();
    const moderation = { decision: "hide", reason: "No.", moderatorId: "staff" } as const;
    const all = [
      ...[1, 2, 3, 4, 5].map((at) => reviewOf(`c-${at}`, { createdAt: at as EpochMs })),
      reviewOf("hidden", { moderation }),
      reviewOf("deleted", { deleted: true }),
    ];
    for (const review of all) await reviews.write(review, none);

    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const page = await reviews.list({ sku: "lamp", limit: 2, after });
      pages.push(page.reviews.map(({ customerId }) => customerId));
      after = page.next;
    } while (after !== undefined && pages.length < 10);

    expect(pages).toEqual([["c-5", "c-4"], ["c-3", "c-2"], ["c-1"]]);
    expect(await reviews.list({ sku: "chair", limit: 2 })).toEqual({
      reviews: [],
      next: undefined,
    });
  });
}
