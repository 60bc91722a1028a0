/**
 * Copies that sandboxes share, in the Valkey of a stage that has one.
 */
import { secretText } from "#adapters/aws/secrets";
import { connectedCache, type ConnectedCacheProps } from "#adapters/redis/connected-cache";
import type { Cache } from "#contracts/cache";
import { SERVICES } from "#contracts/metrics";
import { telemetry } from "#runtime/telemetry";

type Patience = Pick<ConnectedCacheProps, "firstWaitMs" | "requestMsMax">;

/** @param patience of who has no other way; whoever can read the truth has little */
export function sharedCopies(
  environment: { readonly CACHE_SECRET_ARN: string },
  patience: Patience = {},
): Cache {
  const { logger } = telemetry(SERVICES.products);
  return connectedCache({
    url: () => secretText(environment.CACHE_SECRET_ARN),
    onError: (error) => logger.warn("The shared cache cannot be reached.", { error }),
    ...patience,
  });
}
