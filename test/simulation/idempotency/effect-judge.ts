/**
 * Judges effects that are had through the idempotent runner. It is told what the store did, when
 * effects began and what callers were answered, and knows the true time.
 *
 *     claimed ---- began -------- deadline --- leaseUntil -------- keepUntil ---->
 *                    | nobody else begins, though | another run may  | as if it had
 *                    | clocks differ              | begin            | never been
 *
 * 5: one payload under a key, and one result for all. 6: what was completed is not run again; runs
 * of one key are not under way at once, and never go back in rank; a fenced effect stands as it was
 * completed. 7: nobody is told of an effect that was not had.
 */
import type { EpochMs } from "#kernel/units";
import type {
  Claim,
  ClaimRequest,
  IdempotencyRecord,
  KeptResult,
  Run,
} from "#messaging/idempotency/index";
import { wronglyBegun, wronglyTold } from "./effect-rules.ts";
import {
  type Completion,
  type EffectRun,
  isSameClaim,
  isSameResult,
  named,
  type Told,
  type Truth,
  type Verdict,
} from "./effect-truth.ts";
import { INVARIANT, type Judgement, SKEW_MS } from "./judgement.ts";
import type { Effected, Outside } from "./outside.ts";
import type { Work } from "./requests.ts";

export type EffectJudgeOptions = {
  readonly judge: Judgement["judge"];
  readonly now: () => number;
  readonly keepMs: number;
  readonly isFenced: boolean;
  /** For a reader of the trace. */
  readonly note: (what: string, work: Work) => void;
  readonly outside: () => Outside;
  /** Every content that anybody sends under the key and rank of this work. */
  readonly payloadsOf: (work: Work) => ReadonlySet<string>;
};

export class EffectJudge {
  readonly #options: EffectJudgeOptions;
  readonly #truths = new Map<string, Truth>();

  constructor(options: EffectJudgeOptions) {
    this.#options = options;
  }

  claimed(work: Work, request: ClaimRequest, claim: Claim, at: EpochMs): void {
    this.#options.note(`attempt ${claim.attempt} claims`, work);
    const truth = this.#truthOf(work);
    const { grants } = truth;
    if (this.#completedOf(truth, work) !== undefined) {
      this.#judge([INVARIANT.once, `${named(work)} is claimed, though it is completed`]);
    }
    const held = grants.at(-1);
    if (held?.isHeld === true && this.#isAhead(held.leaseUntil)) {
      const left = held.leaseUntil - this.#options.now();
      this.#judge([INVARIANT.once, `${named(work)} is claimed, ${left} ms before a lease ends`]);
    }
    const leaseUntil = (at + request.leaseMs) as EpochMs;
    grants.push({ ...claim, leaseUntil, work, keepUntil: at + request.keepMs, isHeld: true });
  }

  /** A claim was answered, and the record should be as it was. */
  refused(
    work: Work,
    why: string,
    before: IdempotencyRecord | undefined,
    after: IdempotencyRecord | undefined,
  ): void {
    if (before === after || JSON.stringify(before) === JSON.stringify(after)) return;
    const what = `a claim of ${named(work)} is answered "${why}", and changes its record`;
    this.#judge([INVARIANT.result, what]);
  }

  completed(work: Work, claim: Claim, result: KeptResult): void {
    this.#options.note(`attempt ${claim.attempt} completes`, work);
    const { grants, runs, completions } = this.#truthOf(work);
    const known = completions.find((each) => isSameClaim(each.claim, claim));
    if (known !== undefined) {
      if (isSameResult(known.result, result)) return;
      return this.#judge([INVARIANT.result, `${named(work)} is completed with two results`]);
    }
    const newest = grants.at(-1);
    if (newest === undefined || !isSameClaim(newest, claim)) {
      const by = `attempt ${claim.attempt} after attempt ${newest?.attempt ?? 0} was given`;
      this.#judge([INVARIANT.once, `${named(work)} is completed by ${by}`]);
    } else newest.isHeld = false;
    const own = newest?.keepUntil ?? this.#options.now() + this.#options.keepMs;
    // What it takes the place of is not forgotten sooner for it.
    const until = Math.max(own, completions.at(-1)?.until ?? 0);
    completions.push({ work, claim, result, until });
    const run = runs.findLast(({ attempt }) => attempt === claim.attempt);
    if (run !== undefined) run.end = "completed";
    this.#judge(this.#withoutEffect(work, claim));
  }

  released(work: Work, claim: Claim): void {
    this.#options.note(`attempt ${claim.attempt} releases`, work);
    const grant = this.#truthOf(work).grants.find((each) => isSameClaim(each, claim));
    if (grant !== undefined) grant.isHeld = false;
  }

  began(work: Work, { attempt, deadline, follows }: Run): EffectRun {
    this.#options.note(`attempt ${attempt} begins behind "${follows}"`, work);
    const truth = this.#truthOf(work);
    const grant = truth.grants.findLast((each) => each.attempt === attempt);
    const keepUntil = grant?.keepUntil ?? this.#options.now() + this.#options.keepMs;
    const run: EffectRun = { work, attempt, deadline, keepUntil, end: "under-way" };
    this.#judge(wronglyBegun(truth, run, follows, this.#isAhead));
    if (this.#completedOf(truth, work) !== undefined) {
      this.#judge([INVARIANT.once, `${named(work)} is run again, though it is completed`]);
    }
    truth.runs.push(run);
    return run;
  }

  /** It sends its write now; it looked at its deadline before. */
  writes(run: EffectRun): void {
    if (this.#truthOf(run.work).runs.at(-1) === run) return;
    const what = `${named(run.work)} writes before its deadline, though another run has begun`;
    this.#judge([INVARIANT.once, what]);
  }

  /** The write was taken. */
  took({ work, attempt }: Effected): void {
    this.#options.note(`attempt ${attempt} takes effect`, work);
    if (!this.#options.isFenced) return;
    const done = this.#truthOf(work).completions.at(-1);
    if (done === undefined || !this.#isAhead(done.until) || attempt >= done.claim.attempt) return;
    const what = `attempt ${attempt} of ${named(work)} takes effect`;
    this.#judge([INVARIANT.once, `${what} after attempt ${done.claim.attempt} was completed`]);
  }

  /** @param askedAt when the call began, in true time. */
  told(work: Work, answer: Told, askedAt: number): void {
    const { completions, grants } = this.#truthOf(work);
    const isGone = (until: number): boolean => until <= askedAt - SKEW_MS;
    const isNewer = (rank: number, until: number): boolean => rank > work.rank && !isGone(until);
    const verdict = wronglyTold(work, answer, {
      completions: completions.filter((each) => each.work.rank === work.rank),
      isForgotten: ({ until }) => isGone(until),
      isOvertaken:
        grants.some((each) => isNewer(each.work.rank, each.keepUntil)) ||
        completions.some((each) => isNewer(each.work.rank, each.until)),
      payloads: this.#options.payloadsOf(work),
      hasEffect: this.#options.outside().times(work) > 0,
    });
    this.#judge(verdict);
  }

  #judge(verdict: Verdict): void {
    if (verdict !== undefined) this.#options.judge(...verdict);
  }

  #truthOf({ entity }: Work): Truth {
    const found = this.#truths.get(entity);
    if (found !== undefined) return found;
    const made: Truth = { grants: [], runs: [], completions: [] };
    this.#truths.set(entity, made);
    return made;
  }

  /** By every clock. */
  readonly #isAhead = (until: number): boolean => this.#options.now() + SKEW_MS < until;

  /** What rules out that a run of this work begins. */
  #completedOf({ completions }: Truth, { rank }: Work): Completion | undefined {
    return completions.find(({ work, until }) => work.rank >= rank && this.#isAhead(until));
  }

  #withoutEffect(work: Work, { attempt }: Claim): Verdict {
    const outside = this.#options.outside();
    const what = `attempt ${attempt} of ${named(work)} is completed`;
    if (outside.times(work) === 0) return [INVARIANT.once, `${what} without an effect`];
    const stands = outside.standing(work.entity)?.attempt;
    if (!this.#options.isFenced || stands === attempt) return undefined;
    return [INVARIANT.once, `${what}, though attempt ${stands} stands`];
  }
}
