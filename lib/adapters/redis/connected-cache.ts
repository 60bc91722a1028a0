/**
 * The shared cache of a function: connected on first use and left to connect anew by itself.
 * Whoever asks never waits long for it, since all that it knows can be read elsewhere.
 */
import { createClient, ErrorReply } from "@redis/client";
import type { Cache } from "#contracts/cache";
import { type Clock, systemClock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { type EpochMs, later, milliseconds } from "#kernel/units";
import { redisCache } from "./cache.ts";

export type ConnectedCacheProps = {
  /**
   * `rediss://user:password@host:port`; asked again after it has failed or was refused. It ends by
   * itself.
   */
  readonly url: () => Promise<string>;
  /** Told of every failure of the connection; the cache's own answers say so as well. */
  readonly onError: (error: unknown) => void;
  /** Of the first use only: later ones fail at once while there is no connection. Default 250. */
  readonly firstWaitMs?: number;
  /** As the cache's own. */
  readonly requestMsMax?: number;
  /** Default: the system's. */
  readonly clock?: Pick<Clock, "now">;
};

export type ConnectedCache = Cache & {
  /** Ends the connection; it is not made again. */
  close(): void;
};

const FIRST_WAIT_MS = 250;

const CONNECT_MS_MAX = 1_000;
const RECONNECT_MS_MAX = 1_000;

/** For so long what could not be opened is not tried again. */
const FAILED_FOR = milliseconds(1_000);

/**
 * Errors: as the port says; what `url` throws; `store-unavailable` (retry) where it takes longer or
 * the password is refused; `misconfigured` (reject) for what is no address.
 */
export function connectedCache(props: ConnectedCacheProps): ConnectedCache {
  const { url, onError, firstWaitMs = FIRST_WAIT_MS, requestMsMax, clock = systemClock } = props;
  let opening: Promise<Opened> | undefined;
  let failed: { readonly error: unknown; readonly until: EpochMs } | undefined;

  const fail = (error: unknown): void => {
    failed = { error, until: later(clock.now(), FAILED_FOR) };
  };
  const lose = (error: unknown): void => {
    opening = undefined;
    fail(error);
  };

  const open = async (): Promise<Opened> => {
    const client = clientOf(await url(), lose);
    client.on("error", onError);
    // What takes longer goes on, unwatched: the client tells its errors itself.
    await atMost(
      firstWaitMs,
      client.connect().catch(() => undefined),
    );
    return {
      cache: redisCache({ client, ...(requestMsMax !== undefined && { requestMsMax }) }),
      close: () => void (client.isOpen && client.destroy()),
    };
  };

  const opened = async (): Promise<Opened> => {
    if (failed !== undefined && clock.now() < failed.until) throw failed.error;
    if (opening === undefined) {
      opening = open();
      opening.catch(lose);
    }
    const inTime = await atMost(firstWaitMs, opening);
    if (inTime !== undefined) return inTime;
    const late = new Failure("store-unavailable", "retry", "The shared cache is not there yet.");
    fail(late);
    throw late;
  };

  return {
    get: async (key) => (await opened()).cache.get(key),
    put: async (key, entry) => (await opened()).cache.put(key, entry),
    close: () => void opening?.then(({ close }) => close()).catch(onError),
  };
}

type Opened = { readonly cache: Cache; readonly close: () => void };

/** @param lose hears why this client has ended for good */
function clientOf(url: string, lose: (error: Failure) => void): ReturnType<typeof createClient> {
  const reconnectStrategy = (retries: number, cause: Error): number | false => {
    if (!isRefusal(cause)) return Math.min(2 ** retries * 50, RECONNECT_MS_MAX);
    // With this password for ever: the secret may have a new one.
    const message = `The shared cache refused: ${cause.message}`;
    lose(new Failure("store-unavailable", "retry", message, { cause }));
    return false;
  };
  try {
    return createClient({
      url,
      disableOfflineQueue: true,
      socket: { connectTimeout: CONNECT_MS_MAX, reconnectStrategy },
    });
  } catch {
    // Its error bears the whole address, and errors are logged.
    throw new Failure(
      "misconfigured",
      "reject",
      "The secret of the shared cache is not `rediss://user:password@host:port` with each part " +
        "encoded as in a URL.",
    );
  }
}

/** Source: "Redis access control list", Redis documentation: errors begin with their kind. */
const isRefusal = (error: Error): boolean =>
  error instanceof ErrorReply && /^(?:WRONGPASS|NOAUTH|NOPERM|ERR AUTH)\b/.test(error.message);

/** Undefined when it takes longer; it then goes on. */
async function atMost<Answer>(ms: number, work: Promise<Answer>): Promise<Answer | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
