/**
 * Ends the shared copies of products that have changed, as the bus tells it. What it is told comes
 * in any order and more than once; versions are order enough.
 */
import { METRICS, SERVICES } from "#contracts/metrics";
import { config } from "#runtime/config";
import { telemetry } from "#runtime/telemetry";
import { outdatedBy } from "./outdated-copies.ts";
import { sharedCopies } from "./shared-copies.ts";

/** Nobody waits for it, and what fails comes again when the copies have nearly ended. */
const PATIENCE = { firstWaitMs: 5_000, requestMsMax: 1_000 };

const copies = sharedCopies(config("CACHE_SECRET_ARN"), PATIENCE);
const told = telemetry(SERVICES.products);

/** Errors: those of the cache, so that Lambda tries again. */
export async function handler({ detail }: { readonly detail: unknown }): Promise<void> {
  try {
    await outdatedBy(copies, detail);
    told.count(METRICS.copiesOutdated);
  } finally {
    told.flush();
  }
}
