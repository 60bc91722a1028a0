/**
 * The shared cache of a function: connected on first use and left to connect anew by itself.
 * Whoever asks never waits long for it, since all that it knows can be read elsewhere.
 */
import { createClient } from "@redis/client";
import type { Cache } from "#contracts/cache";
import { redisCache } from "./cache.ts";

export type ConnectedCacheProps = {
  /** `rediss://user:password@host:port`; asked again after it has failed. */
  readonly url: () => Promise<string>;
  /** Told of every failure of the connection; the cache's own answers say so as well. */
  readonly onError: (error: unknown) => void;
  /** Of the first use only: later ones fail at once while there is no connection. Default 250. */
  readonly firstWaitMs?: number;
  /** As the cache's own. */
  readonly requestMsMax?: number;
};

export type ConnectedCache = Cache & {
  /** Ends the connection; it is not made again. */
  close(): void;
};

const FIRST_WAIT_MS = 250;

const CONNECT_MS_MAX = 1_000;
const RECONNECT_MS_MAX = 1_000;

/** Errors: as the port says; what `url` throws. */
export function connectedCache(props: ConnectedCacheProps): ConnectedCache {
  const { url, onError, firstWaitMs = FIRST_WAIT_MS, requestMsMax } = props;
  let opening: Promise<Opened> | undefined;

  const open = async (): Promise<Opened> => {
    const client = createClient({
      url: await url(),
      disableOfflineQueue: true,
      socket: {
        connectTimeout: CONNECT_MS_MAX,
        reconnectStrategy: (retries) => Math.min(2 ** retries * 50, RECONNECT_MS_MAX),
      },
    });
    client.on("error", onError);
    await atMost(firstWaitMs, client.connect());
    return {
      cache: redisCache({ client, ...(requestMsMax !== undefined && { requestMsMax }) }),
      close: () => client.destroy(),
    };
  };

  const opened = (): Promise<Opened> => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };

  return {
    get: async (key) => (await opened()).cache.get(key),
    put: async (key, entry) => (await opened()).cache.put(key, entry),
    close: () => void opening?.then(({ close }) => close()).catch(onError),
  };
}

type Opened = { readonly cache: Cache; readonly close: () => void };

/** What takes longer goes on, unwatched: the client tells its errors itself. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.then(() => undefined).catch(() => undefined), over]);
  clearTimeout(timer);
}
