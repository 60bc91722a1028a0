/**
 * What the routes of the catalogue take and answer.
 */
import { createdProducts, createProductsBody } from "../bulk-products.ts";
import {
  categoryList,
  createProductBody,
  listProductsQuery,
  patchProductBody,
  productPage,
  productView,
} from "../products.ts";
import {
  createReviewBody,
  listReviewsQuery,
  moderateReviewBody,
  patchReviewBody,
  reviewPage,
  reviewView,
} from "../reviews.ts";
import {
  recommendationsQuery,
  recommendedProducts,
  searchAnswer,
  searchBody,
  searchQuery,
  suggestions,
  suggestQuery,
} from "../search.ts";
import { document, type Operation } from "./operation.ts";

const product = document("Product", productView);
const review = document("Review", reviewView);
const found = document("SearchAnswer", searchAnswer);

export const CATALOGUE_OPERATIONS = {
  "GET /v1/products": {
    summary: "List products by category, newest or by price",
    query: listProductsQuery,
    answer: { status: 200, body: document("ProductPage", productPage), headers: ["Link"] },
  },
  "GET /v1/products/{sku}": {
    summary: "Get a product; at most some seconds old",
    takes: ["If-None-Match"],
    answer: { status: 200, body: product, headers: ["ETag", "Cache-Status"] },
  },
  "POST /v1/products": {
    summary: "Create a product under a SKU of your own",
    body: document("NewProduct", createProductBody),
    answer: { status: 201, body: product, headers: ["ETag", "Location"] },
  },
  "POST /v1/products/bulk": {
    summary: "Create many products; each has a result of its own",
    body: document("NewProducts", createProductsBody),
    answer: { status: 200, body: document("CreatedProducts", createdProducts) },
  },
  "PATCH /v1/products/{sku}": {
    summary: "Change a product that nobody else has changed since you read it",
    body: document("ProductPatch", patchProductBody),
    mediaType: "application/merge-patch+json",
    needs: ["If-Match"],
    answer: { status: 200, body: product, headers: ["ETag"] },
  },
  "DELETE /v1/products/{sku}": {
    summary: "Withdraw a product; orders that have it keep it",
    takes: ["If-Match"],
    answer: { status: 204 },
  },
  "GET /v1/categories": {
    summary: "List the categories",
    takes: ["If-None-Match"],
    answer: {
      status: 200,
      body: document("CategoryList", categoryList),
      headers: ["ETag", "Cache-Status"],
    },
  },
  "GET /v1/products/search": {
    summary: "Search products, with facets; misspelt words are found too",
    query: searchQuery,
    takes: ["If-None-Match"],
    answer: { status: 200, body: found, headers: ["ETag"] },
  },
  "POST /v1/products/search": {
    summary: "Search with filters that are too long for a query",
    body: document("Search", searchBody),
    answer: { status: 200, body: found },
  },
  "GET /v1/products/suggest": {
    summary: "How a text may go on",
    query: suggestQuery,
    takes: ["If-None-Match"],
    answer: { status: 200, body: document("Suggestions", suggestions), headers: ["ETag"] },
  },
  "GET /v1/products/{sku}/recommendations": {
    summary: "What was bought together with a product",
    query: recommendationsQuery,
    takes: ["If-None-Match"],
    answer: {
      status: 200,
      body: document("RecommendedProducts", recommendedProducts),
      headers: ["ETag"],
    },
  },
  "GET /v1/products/{sku}/reviews": {
    summary: "List the published reviews of a product, newest first",
    query: listReviewsQuery,
    answer: { status: 200, body: document("ReviewPage", reviewPage), headers: ["Link"] },
  },
  "POST /v1/products/{sku}/reviews": {
    summary: "Review a product; each customer has one review of it",
    body: document("NewReview", createReviewBody),
    answer: { status: 201, body: review, headers: ["ETag", "Location"] },
  },
  "GET /v1/products/{sku}/reviews/{reviewId}": {
    summary: "Get a review",
    takes: ["If-None-Match"],
    answer: { status: 200, body: review, headers: ["ETag"] },
  },
  "PATCH /v1/products/{sku}/reviews/{reviewId}": {
    summary: "Change your own review",
    body: document("ReviewPatch", patchReviewBody),
    mediaType: "application/merge-patch+json",
    needs: ["If-Match"],
    answer: { status: 200, body: review, headers: ["ETag"] },
  },
  "DELETE /v1/products/{sku}/reviews/{reviewId}": {
    summary: "Remove your own review",
    answer: { status: 204 },
  },
  "POST /v1/products/{sku}/reviews/{reviewId}/moderate": {
    summary: "Publish or hide a review",
    body: document("Moderation", moderateReviewBody),
    answer: { status: 200, body: review },
  },
} as const satisfies Readonly<Record<string, Operation>>;
