/**
 * How an input says what it is: which piece of work, with which content, and where it stands among
 * others of the same kind.
 */
import { payloadHash } from "../payload-hash.ts";
import { type Selector, select } from "../selector.ts";

export type Identity = {
  readonly key: string;
  readonly payloadHash: string;
  readonly rank?: number;
};

/**
 * Pure. @throws Failure (reject) for an input without a key, or one that cannot be compared.
 */
export type Strategy<Input> = (input: Input) => Identity;

export type PayloadOption<Input> = {
  /**
   * What must be the same when a key comes again. Default: the whole input. Leave out what changes
   * from one delivery to the next: receive counts, trace ids, signatures with a time.
   */
  readonly payload?: Selector<Input>;
};

export const hashOf = <Input>({ payload }: PayloadOption<Input>, input: Input): string =>
  payloadHash(payload === undefined ? input : select(payload, input));
