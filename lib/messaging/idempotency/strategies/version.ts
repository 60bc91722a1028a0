/**
 * Only what is newer: for whole states of an entity whose sender counts them (a row version, a
 * state machine's rank), such as change data or a provider's payment status.
 */
import { Failure } from "#kernel/failure";
import { described, placeOf, type Selector, select, selectKey } from "../selector.ts";
import { hashOf, type PayloadOption, type Strategy } from "./strategy.ts";

export type ByVersion<Input> = PayloadOption<Input> & {
  readonly entity: Selector<Input>;
  /** An integer >= 0, higher for what is newer; gaps are allowed. */
  readonly version: Selector<Input>;
};

/**
 * What it cannot detect:
 * - a version that was never sent: 3 after 1 is applied, and 2 is stale when it comes;
 * - so it is for states, not for changes: a change that is skipped is lost;
 * - an older version after `keepMs` without a newer one: it is applied as if it were the first;
 * - after a run of version n was abandoned, whether n was applied: older ones are stale from then
 *   on, and n itself is run again when it is delivered again.
 *
 * Two contents of one version are refused. @throws Failure as `Strategy`; `invalid-request`
 * (reject) for a version that is none.
 */
export const byVersion =
  <Input>(options: ByVersion<Input>): Strategy<Input> =>
  (input) => ({
    key: selectKey(options.entity, input),
    payloadHash: hashOf(options, input),
    rank: versionIn(options.version, input),
  });

function versionIn<Input>(selector: Selector<Input>, input: Input): number {
  const found = select(selector, input);
  if (typeof found === "number" && Number.isSafeInteger(found) && found >= 0) return found;
  throw new Failure(
    "invalid-request",
    "reject",
    `There is no version ${placeOf(selector)}: an integer from 0 to ${Number.MAX_SAFE_INTEGER} ` +
      `is needed, ${described(found)} was found. Send the version as a number.`,
  );
}
