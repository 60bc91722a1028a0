/**
 * Takes what changed in the search projection into an index, many changes at once.
 */
import { searchedProductOf } from "#adapters/aws/dynamodb/searched-products";
import { METRICS, SERVICES } from "#contracts/metrics";
import { type StreamHandler, streamFunction } from "#runtime/stream-function";
import { telemetry } from "#runtime/telemetry";
import type { SearchWriter } from "#services/products/search-ports";

export const searchBuilder = (writer: SearchWriter): StreamHandler =>
  streamFunction({
    service: SERVICES.search,
    async forward(records) {
      const watched = telemetry(SERVICES.search);
      const versions = records.flatMap((record) => {
        try {
          return searchedProductOf(record) ?? [];
        } catch (error) {
          // It must not hold up the others; a rebuild takes the product from its table.
          watched.logger.error("A head is not taken into the search index.", { error });
          return [];
        }
      });
      watched.count(METRICS.searchChanges, await writer.apply(versions));
      return {};
    },
  });
