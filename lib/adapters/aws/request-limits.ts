/**
 * How long a client of AWS waits. A function lives for seconds: a request that hangs has to end
 * while there is still time to answer which messages are not durable.
 */

export const REQUEST_LIMITS = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    // Without it the SDK logs a warning and goes on waiting.
    throwOnRequestTimeout: true,
  },
} as const;
