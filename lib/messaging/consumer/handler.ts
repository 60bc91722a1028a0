/**
 * What a user of the library writes: how one message changes a state (fold), which writes follow
 * from it (effects), or whom to call about it (external).
 */
import type { Json } from "#kernel/json";
import type { DurationMs, EpochMs } from "#kernel/units";
import type { Message } from "../envelope/envelope.ts";

/** Facts about this delivery that a handler may record with its effect. */
export type Delivery = {
  readonly now: EpochMs;
  /** True when the message waited parked for a predecessor or behind a halt. */
  readonly held: boolean;
};

/**
 * Pure: the new state lives in the head itself, so one conditional single-item write commits both.
 */
export type FoldHandler<State extends Json> = {
  readonly kind: "fold";
  readonly initial: State;
  /** Throws `Failure` with action `halt` or `reject` when the message can never be applied. */
  evolve(state: State, message: Message, delivery: Delivery): State;
  /** Whether no message can follow: then the head shrinks to its mark and this state. */
  closes?(state: State): boolean;
};

export type Effect<Loaded, Write> = {
  /** What the next message of the run is handled against. */
  readonly loaded: Loaded;
  /**
   * Written in one transaction with the head. `loaded` may be outdated: a failure is believed only
   * after loading afresh, but a decision is written as it is. So whatever must not rest on an
   * outdated `loaded` includes a write whose condition fails then.
   */
  readonly writes: readonly Write[];
  /** No message of this stream can follow: its head shrinks to its mark. */
  readonly closes?: boolean;
};

/**
 * Writes to other items. `load` is called once per stream and sandbox and again after a lost race;
 * between calls the consumer keeps what `handle` returned, so a warm stream costs no read.
 */
export type EffectsHandler<Loaded, Write> = {
  readonly kind: "effects";
  load(stream: string): Promise<Loaded>;
  /**
   * Throws `Failure`: action `retry` for a cause that passes, `halt` or `reject` for a message that
   * can never be applied.
   */
  handle(loaded: Loaded, message: Message, delivery: Delivery): Effect<Loaded, Write>;
  /** The stream's own beginning: a message stamped earlier is a timestamp anomaly. */
  startedAt?(loaded: Loaded): EpochMs | undefined;
};

/** What an external handler is told about its call. */
export type Call = {
  /**
   * `<stream>:<sequence>`: the same for every attempt at the message. The other side has to treat
   * two calls with one key as one, because an answer can be lost.
   * Source: the IETF draft "The Idempotency-Key HTTP Header Field".
   */
  readonly key: string;
  /** From 1. */
  readonly attempt: number;
};

/**
 * Calls somebody else. The head is claimed before the call (owner, lease) and moved after it, both
 * fenced: two requests a message, in a run of messages n + 1 for n.
 */
export type ExternalHandler = {
  readonly kind: "external";
  /**
   * 1 ms to 12 h. Longer than any call with its two commits, plus what two clocks may differ by:
   * after it another consumer may call with the same key. The shorter it is, the sooner a dead
   * claimant's messages go on.
   */
  readonly leaseMs: DurationMs;
  /**
   * Throws `Failure`: action `retry` for a cause that passes (it is called again with the same
   * key), `halt` or `reject` for a message that can never be applied.
   */
  call(message: Message, call: Call): Promise<void>;
};
