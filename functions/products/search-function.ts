/**
 * The HTTP function of searching, whatever the index is.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { secretText } from "#adapters/aws/secrets";
import { signedCursors } from "#adapters/http/signed-cursor";
import { SERVICES } from "#contracts/metrics";
import { type HttpHandler, httpFunction } from "#runtime/http-function";
import type { SearchIndex } from "#services/products/search-ports";
import { liveRecommendations } from "./live-recommendations.ts";
import { searchRoutes } from "./search-routes.ts";

/** What it asks of the environment, whatever the index is. */
export type SearchEnvironment = {
  readonly RECOMMENDATIONS_TABLE: string;
  readonly CURSOR_SECRET_ARN: string;
};

export function searchFunction(index: SearchIndex, environment: SearchEnvironment): HttpHandler {
  return httpFunction({
    service: SERVICES.search,
    routes: searchRoutes({
      index,
      recommendations: liveRecommendations({
        client: dynamoClient(),
        table: environment.RECOMMENDATIONS_TABLE,
      }),
      cursors: signedCursors(() => secretText(environment.CURSOR_SECRET_ARN)),
    }),
  });
}
