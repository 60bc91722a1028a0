/**
 * Only what is later: for whole states of an entity whose sender stamps them with its own time.
 */
import { Failure } from "#kernel/failure";
import { parseInstant } from "#kernel/units";
import { described, placeOf, type Selector, select, selectKey } from "../selector.ts";
import { hashOf, type PayloadOption, type Strategy } from "./strategy.ts";

export type ByTimestamp<Input> = PayloadOption<Input> & {
  readonly entity: Selector<Input>;
  /** An RFC 3339 instant, or milliseconds since the epoch. */
  readonly time: Selector<Input>;
};

/**
 * What it cannot detect, beside all that the version strategy cannot:
 * - a sender's clock that goes back: what it sends until it has caught up is stale;
 * - senders whose clocks differ: the one that is ahead wins;
 * - two states of one millisecond: the second is refused as another content of the same time, also
 *   when the text has more digits.
 *
 * Take the version strategy where there is a number. @throws Failure as `Strategy`;
 * `invalid-request` (reject) for a time that is none.
 */
export const byTimestamp =
  <Input>(options: ByTimestamp<Input>): Strategy<Input> =>
  (input) => ({
    key: selectKey(options.entity, input),
    payloadHash: hashOf(options, input),
    rank: timeIn(options.time, input),
  });

function timeIn<Input>(selector: Selector<Input>, input: Input): number {
  const found = select(selector, input);
  const at = typeof found === "string" ? parseInstant(found) : found;
  if (typeof at === "number" && Number.isSafeInteger(at) && at >= 0) return at;
  throw new Failure(
    "invalid-request",
    "reject",
    `There is no time ${placeOf(selector)}: an RFC 3339 instant since 1970 like ` +
      `2026-01-31T12:00:00Z, or milliseconds since the epoch, is needed, ${described(found)} was ` +
      "found.",
  );
}
