/**
 * Ports of this machine's own address: whether one is free, and one that is.
 */
import { createServer } from "node:net";

const address = "127.0.0.1";

/** A port that nobody listens on now; another process may still take it before it is used. */
export async function findFreePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error(`No free port on ${address}.`);
  return port;
}

export async function isPortFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

/** The port that could be listened on, or undefined when it is taken. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(port, address, () => {
      const bound = server.address();
      server.close(() => {
        resolve(typeof bound === "object" && bound !== null ? bound.port : undefined);
      });
    });
  });
}
