/**
 * 8: tokens only grow; a lock is given to nobody while a lease on it lasts; what it protects takes
 * no write behind a later token's, and none that is based on something else than what stands there.
 */
import type { EpochMs } from "#kernel/units";
import type { Lease } from "#messaging/flow/index";
import { INVARIANT, type Judgement, SKEW_MS } from "./judgement.ts";
import type { Guard, TakenWrite } from "./protected.ts";

type Truth = {
  /** The newest grant, with its end as its holder's clock has it. */
  lease?: Lease;
  isReleased: boolean;
  /** Of the writes that were taken. */
  lastToken: number;
};

export type LockJudgeOptions = {
  readonly judge: Judgement["judge"];
  readonly now: () => number;
  readonly guard: Guard;
};

export class LockJudge {
  readonly #options: LockJudgeOptions;
  readonly #truths = new Map<string, Truth>();

  constructor(options: LockJudgeOptions) {
    this.#options = options;
  }

  /** @param until as its holder's clock has it. */
  granted(lease: Lease, until: EpochMs): void {
    const truth = this.#truthOf(lease.name);
    const { lease: before, isReleased } = truth;
    if (before?.owner === lease.owner && before.token === lease.token) return;
    const token = before?.token ?? 0;
    if (lease.token <= token) {
      this.#judge(`${lease.name} is given with token ${lease.token} after token ${token}`);
    }
    if (before !== undefined && !isReleased && this.#options.now() + SKEW_MS < before.until) {
      const left = before.until - this.#options.now();
      this.#judge(`${lease.name} is given to another, ${left} ms before its lease ends`);
    }
    truth.lease = { ...lease, until };
    truth.isReleased = false;
  }

  extended(lease: Lease, until: EpochMs): void {
    const truth = this.#truthOf(lease.name);
    const { lease: newest } = truth;
    if (newest?.token !== lease.token || newest.owner !== lease.owner || truth.isReleased) {
      return this.#judge(
        `token ${lease.token} of ${lease.name} is extended, and is not the newest`,
      );
    }
    if (until > newest.until) truth.lease = { ...newest, until };
  }

  released({ name, owner, token }: Lease): void {
    const truth = this.#truthOf(name);
    if (truth.lease?.token === token && truth.lease.owner === owner) truth.isReleased = true;
  }

  wrote({ lock, token, base, standing }: TakenWrite): void {
    const truth = this.#truthOf(lock);
    if (token < truth.lastToken) {
      this.#judge(`${lock} takes a write of token ${token} after one of token ${truth.lastToken}`);
    }
    truth.lastToken = Math.max(truth.lastToken, token);
    const newest = truth.lease?.token ?? 0;
    if (this.#options.guard === "held" && token !== newest) {
      this.#judge(`${lock} takes a write of token ${token}, though token ${newest} was given`);
    }
    if (base !== standing) {
      this.#judge(`a write to ${lock} is based on ${base} and replaces ${standing}`);
    }
  }

  #judge(detail: string): void {
    this.#options.judge(INVARIANT.lock, detail);
  }

  #truthOf(lock: string): Truth {
    const found = this.#truths.get(lock);
    if (found !== undefined) return found;
    const made: Truth = { isReleased: false, lastToken: 0 };
    this.#truths.set(lock, made);
    return made;
  }
}
