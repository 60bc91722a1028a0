/**
 * Once for each id: for whoever gives every piece of work an id and repeats it unchanged.
 */
import { type Selector, selectKey } from "../selector.ts";
import { hashOf, type PayloadOption, type Strategy } from "./strategy.ts";

export type ByMessageId<Input> = PayloadOption<Input> & { readonly id: Selector<Input> };

/**
 * What it cannot detect:
 * - a sender that gives a repetition a new id: both are applied;
 * - a repetition after `keepMs`: it is applied again;
 * - order: an older message is applied after a newer one.
 *
 * Two contents under one id are refused, not merged. @throws Failure as `Strategy`.
 */
export const byMessageId =
  <Input>(options: ByMessageId<Input>): Strategy<Input> =>
  (input) => ({
    key: selectKey(options.id, input),
    payloadHash: hashOf(options, input),
  });
