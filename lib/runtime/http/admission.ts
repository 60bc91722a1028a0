/**
 * A route's own guard, run over the bytes as they came: signatures and keys are checked before
 * anything is parsed.
 */
import { requestOf, routeOf, type HttpMiddleware } from "./exchange.ts";

export const admission = (): HttpMiddleware => ({
  async before({ context }) {
    const { exchange } = context;
    const request = { ...requestOf(exchange), body: undefined };
    await routeOf(exchange).definition.admit?.(request);
  },
});
