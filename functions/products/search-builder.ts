/**
 * Takes changes of products into an index, many of them at once.
 */
import { productVersionOf } from "#adapters/aws/dynamodb/product-changes";
import { METRICS, SERVICES } from "#contracts/metrics";
import { type StreamHandler, streamFunction } from "#runtime/stream-function";
import { surroundingsOf, type Surroundings } from "#runtime/surroundings";
import type { SearchWriter } from "#services/products/search-ports";

export const searchBuilder = (
  writer: SearchWriter,
  surroundings: Pick<Surroundings, "telemetry"> = surroundingsOf(SERVICES.search),
): StreamHandler => {
  const { telemetry: watched } = surroundings;
  return streamFunction(
    {
      service: SERVICES.search,
      async forward(records) {
        const versions = records.flatMap((record) => {
          try {
            return productVersionOf(record) ?? [];
          } catch (error) {
            // It must not hold up the others; its next change or a rebuild takes it in.
            watched.logger.error("A product is not taken into the search index.", { error });
            return [];
          }
        });
        watched.count(METRICS.searchChanges, await writer.apply(versions));
        return {};
      },
    },
    surroundings,
  );
};
