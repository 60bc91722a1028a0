/**
 * The search index in OpenSearch, through its own client: for catalogues that no function holds in
 * its memory.
 */
import type { Client } from "@opensearch-project/opensearch";
import * as z from "zod";
import { Failure } from "#kernel/failure";
import { wordsOf } from "#kernel/words";
import type {
  Found,
  FoundProduct,
  PriceBandCount,
  ProductVersion,
  SearchIndex,
  SearchWriter,
} from "#services/products/search-ports";
import { documentOf, INDEX_BODY } from "./documents.ts";
import { searchBody, showBody, suggestBody } from "./query.ts";

export type OpenSearchProps = { readonly client: Client; readonly index: string };

/** A request of some megabytes; OpenSearch takes 100 MB. */
const BULK_MAX = 500;
const SUGGESTED_CHARACTERS_MIN = 2;
const ALREADY_THERE = "resource_already_exists_exception";

const bucket = z.object({ key: z.string(), doc_count: z.int() });
const shownProduct = z.custom<FoundProduct>((value) => typeof value === "object");
const hits = z.array(z.object({ _source: z.object({ shown: shownProduct }) }));

const searched = z.object({
  hits: z.object({ total: z.object({ value: z.int() }), hits }),
  aggregations: z.object({
    categories: z.object({ values: z.object({ buckets: z.array(bucket) }) }),
    prices: z.object({
      currencies: z.object({
        buckets: z.array(
          bucket.extend({
            bands: z.object({
              buckets: z.array(
                z.object({
                  from: z.number(),
                  to: z.number().optional(),
                  doc_count: z.int(),
                }),
              ),
            }),
          }),
        ),
      }),
    }),
  }),
});
const shownOnly = z.object({ hits: z.object({ hits }) });
const suggested = z.object({
  aggregations: z.object({ words: z.object({ buckets: z.array(bucket) }) }),
});
const bulked = z.object({
  items: z.array(z.object({ index: z.object({ status: z.int(), error: z.unknown().optional() }) })),
});

/**
 * Errors: `store-unavailable` (retry), also for an answer that is not as documented. Other than a
 * snapshot, changes of one `apply` are found one by one, some seconds later.
 */
export function openSearchIndex({ client, index }: OpenSearchProps): SearchIndex & SearchWriter {
  const ask = async <Answer>(body: object, schema: z.ZodType<Answer>): Promise<Answer> => {
    const answer = await client.search({ index, body }).catch(refuse);
    return understood(schema, answer.body);
  };

  return {
    search: async (request) => foundIn(await ask(searchBody(request), searched)),

    async show(skus) {
      if (skus.length === 0) return [];
      const answer = await ask(showBody(skus), shownOnly);
      const bySku = new Map(answer.hits.hits.map(({ _source: { shown } }) => [shown.sku, shown]));
      return skus.flatMap((sku) => bySku.get(sku) ?? []);
    },

    async suggest(text, limit) {
      const given = wordsOf(text);
      const last = given.at(-1) ?? "";
      if (last.length < SUGGESTED_CHARACTERS_MIN) return [];
      const { aggregations } = await ask(suggestBody(last, limit), suggested);
      const before = given.slice(0, -1);
      return aggregations.words.buckets.map(({ key }) => [...before, key].join(" "));
    },

    async apply(versions) {
      await client.indices.create({ index, body: INDEX_BODY }).catch(unlessThere);
      let taken = 0;
      for (let from = 0; from < versions.length; from += BULK_MAX) {
        taken += await bulk({ client, index }, versions.slice(from, from + BULK_MAX));
      }
      return taken;
    },
  };
}

/** A version that is not newer than what is there is a conflict, and has been taken in before. */
async function bulk(
  { client, index }: OpenSearchProps,
  versions: readonly ProductVersion[],
): Promise<number> {
  const body = versions.flatMap((given) => [
    {
      index: {
        _index: index,
        _id: given.product.sku,
        version: given.version,
        version_type: "external",
      },
    },
    documentOf(given),
  ]);
  const answer = await client.bulk({ body }).catch(refuse);
  const { items } = understood(bulked, answer.body);
  const failed = items.find(({ index: { status } }) => status >= BAD && status !== CONFLICT);
  if (failed !== undefined) refuse(failed.index.error);
  return items.filter(({ index: { status } }) => status < BAD).length;
}

const BAD = 300;
const CONFLICT = 409;

function foundIn({ hits: { total, hits: found }, aggregations }: z.infer<typeof searched>): Found {
  const { categories, prices } = aggregations;
  return {
    total: total.value,
    products: found.map(({ _source: { shown } }) => shown),
    facets: {
      categories: categories.values.buckets.map(({ key, doc_count: count }) => {
        return { category: key, count };
      }),
      priceBands: prices.currencies.buckets.flatMap(({ key: currency, bands }) =>
        bands.buckets.flatMap(({ from, to, doc_count: count }): readonly PriceBandCount[] => {
          const until = to === undefined ? {} : { to };
          return count === 0 ? [] : [{ currency, from, ...until, count }];
        }),
      ),
    },
  };
}

function understood<Answer>(schema: z.ZodType<Answer>, body: unknown): Answer {
  const answer = schema.safeParse(body);
  return answer.success ? answer.data : refuse(answer.error);
}

function unlessThere(error: unknown): void {
  if (!(error instanceof Error) || !error.message.includes(ALREADY_THERE)) refuse(error);
}

function refuse(error: unknown): never {
  const why = error instanceof Error ? error.message.slice(0, 200) : JSON.stringify(error);
  throw new Failure("store-unavailable", "retry", `OpenSearch did not do it: ${why}.`, {
    cause: error,
  });
}
