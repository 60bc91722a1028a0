/**
 * Finds the streams of one consumer that are due and sends each a tick. Deployed once for every
 * ordered consumer, and told which; the published package carries the same function.
 */
import { sweepHandler } from "#lambda/sweep-handler";

export const handler = sweepHandler();
