/**
 * Which of the parked messages halted its stream: what comes to wait at the halt's sequence later,
 * a missing message or the true one after a rival, is not the cause.
 */
import type { Head, ParkedMessage } from "./head.ts";

/** Undefined where the cause is not parked, or the stream is not halted. */
export const causeOf = ({ halt, parked }: Head): ParkedMessage | undefined =>
  parked.find(
    ({ sequence, hash }) =>
      sequence === halt?.sequence && (halt.hash === undefined || halt.hash === hash),
  );
