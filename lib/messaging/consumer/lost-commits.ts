/**
 * Counts the commits of one stream that did not take effect, and says what follows: plan again,
 * blame the message that stands alone in its commit, or give up for this time.
 */
import { Failure } from "#kernel/failure";
import type { CommitAnswer } from "../head/head-store.ts";

export type LostCommit = Exclude<CommitAnswer, { readonly kind: "committed" }>;

export type AfterLoss =
  | { readonly kind: "plan-again" }
  /** It is the failure of the next message: everything before it has a commit of its own. */
  | { readonly kind: "blame"; readonly failure: Failure }
  | {
      readonly kind: "give-up";
      readonly why: "races-lost" | "store-failed";
      readonly error?: Failure;
    };

/**
 * Messages are classified again after a lost race this many times; more means that another consumer
 * lives on the stream. Refused effects are counted apart: more of them mean that the message asks
 * for what can never hold.
 */
const RACES_MAX = 5;

export class LostCommits {
  readonly #stream: string;
  #fenced = 0;
  #effectsRefused = 0;
  #tooLarge = 0;

  constructor(stream: string) {
    this.#stream = stream;
  }

  /** Whether each message gets a commit of its own from now on, to find the one to blame. */
  get isSingly(): boolean {
    return this.#effectsRefused + this.#tooLarge > 0;
  }

  count(lost: LostCommit): AfterLoss {
    switch (lost.kind) {
      case "fenced":
        this.#fenced += 1;
        return this.#fenced <= RACES_MAX ? again : { kind: "give-up", why: "races-lost" };
      case "refused":
        this.#effectsRefused += 1;
        if (this.#effectsRefused <= RACES_MAX) return again;
        if (this.#effectsRefused > RACES_MAX + 1) return { kind: "give-up", why: "races-lost" };
        return { kind: "blame", failure: refusedTooOften(this.#stream) };
      case "too-large": {
        this.#tooLarge += 1;
        if (this.#tooLarge === 1) return again;
        const failure = tooLargeToStore(this.#stream, lost);
        if (this.#tooLarge === 2) return { kind: "blame", failure };
        return { kind: "give-up", why: "store-failed", error: failure };
      }
      default:
        return lost satisfies never;
    }
  }
}

const again: AfterLoss = { kind: "plan-again" };

const refusedTooOften = (stream: string): Failure =>
  new Failure(
    "conflict",
    "retry",
    `The writes of stream ${JSON.stringify(stream)} were refused ${RACES_MAX + 1} times: ` +
      "another writer is changing the same items, or the handler asks for what can never hold.",
  );

const tooLargeToStore = (
  stream: string,
  { bytes, bytesMax }: Extract<LostCommit, { kind: "too-large" }>,
): Failure =>
  new Failure(
    "payload-too-large",
    "halt",
    `What stream ${JSON.stringify(stream)} has to store has ${bytes} bytes; an item holds ` +
      `${bytesMax}. Send less, or keep less in the state.`,
  );
