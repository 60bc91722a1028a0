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
};

export type ConnectedCache = Cache & {
  /** Ends the connection; it is not made again. */
  close(): void;
};

/** Of the first use only: later ones fail at once while there is no connection. */
const FIRST_WAIT_MS = 250;

const CONNECT_MS_MAX = 1_000;
const RECONNECT_MS_MAX = 1_000;

/** Errors: as the port says; what `url` throws. */
export function connectedCache({ url, onError }: ConnectedCacheProps): ConnectedCache {
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
    await atMost(FIRST_WAIT_MS, client.connect());
    return { cache: redisCache({ client }), close: () => client.destroy() };
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
