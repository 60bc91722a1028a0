/**
 * What the producers of one schedule say, drawn from its seed: numbered streams, and everything
 * that senders get wrong.
 */
import type { EpochMs } from "#kernel/units";
import type { JsonObject } from "#kernel/json";
import { type Rng, shuffled } from "#kernel/rng";
import { sha256Hex } from "#kernel/hash";
import type { FaultRates, FaultSwarm } from "#simulation/faults";
import { type ClaimCheck, malformedPublication, orderedPublication } from "./messages.ts";
import type { GroupOf, Publication } from "./publication.ts";

/** At each message. */
export const TRAFFIC_FAULTS = {
  "duplicate-send": [0.02, 0.3],
  reorder: [0.02, 0.3],
  "late-send": [0.01, 0.08],
  "partial-send": [0.02, 0.2],
  "rival-sender": [0.01, 0.06],
  misrouted: [0.01, 0.06],
  "time-going-back": [0.02, 0.1],
  "malformed-body": [0.01, 0.08],
  "oversize-body": [0.005, 0.03],
  "permanent-poison": [0.01, 0.06],
  "transient-poison": [0.01, 0.1],
  "torn-payload": [0.02, 0.2],
  "late-payload": [0.05, 0.5],
  "after-close": [0.1, 1],
} as const satisfies FaultRates;

/** One hand-over to the queue. */
export type Sending = {
  readonly publication: Publication;
  /** After the beginning of the schedule. */
  readonly atMs: number;
  /** The queue drops a second one with the same within five minutes. */
  readonly deduplicationId: string;
};

export type Traffic = {
  readonly streams: readonly string[];
  /** By time. */
  readonly sendings: readonly Sending[];
  /** What lies behind the claim checks, by reference. */
  readonly payloads: ReadonlyMap<string, Payload>;
};

export type Payload = { readonly text: string; readonly fromMs: number };

export const BODY_BYTES_MAX = 4_096;

const STREAMS_MIN = 3;
const STREAMS_MORE = 3;
const MESSAGES_MIN = 24;
const MESSAGES_MORE = 10;
const SENDING_MS = 12_000;
const REORDER_MS_MAX = 4_000;
const LATE_MS_MAX = 90_000;
const RESEND_MS_MAX = 40_000;
/** Of one kind in one stream: a head remembers its last 8 violations. */
const VIOLATIONS_OF_A_KIND_MAX = 2;
const TRANSIENT_MS_MAX = 40_000;
const CHECKED_ONE_IN = 10;
const CLOSES_ONE_IN = 3;
const NEWER_ONE_IN = 12;

export type TrafficOptions = {
  readonly rng: Rng;
  readonly swarm: FaultSwarm;
  readonly start: EpochMs;
  readonly groupOf: GroupOf;
  /** Without what a stored event does not have: a time, data elsewhere. */
  readonly isLogFed: boolean;
};

export function drawTraffic(options: TrafficOptions): Traffic {
  const { rng, swarm } = options;
  const streams = Array.from({ length: STREAMS_MIN + rng.int(STREAMS_MORE) }, (_, index) => {
    return `s${index}`;
  });
  const lengths = new Map<string, number>(streams.map((stream) => [stream, 1]));
  const count = MESSAGES_MIN + rng.int(MESSAGES_MORE);
  const isHot = swarm.has("hot-stream");
  if (isHot) swarm.happened("hot-stream");
  for (let drawn = streams.length; drawn < count; drawn += 1) {
    const stream = streams[isHot ? zipf(rng, streams.length) : rng.int(streams.length)] ?? "s0";
    lengths.set(stream, (lengths.get(stream) ?? 0) + 1);
  }
  const order = shuffled(
    streams.flatMap((stream) => Array.from({ length: lengths.get(stream) ?? 0 }, () => stream)),
    rng,
  );
  const draw = new TrafficDraw(options, streams);
  for (const [index, stream] of order.entries()) {
    const isLast = order.indexOf(stream, index + 1) < 0;
    draw.message(stream, Math.floor((index * SENDING_MS) / order.length), isLast);
  }
  const sendings = draw.sendings.toSorted((a, b) => a.atMs - b.atMs);
  return { streams, sendings, payloads: draw.payloads };
}

/** Rank r is drawn in proportion to 1 / (r + 1)^2. */
function zipf(rng: Rng, ranks: number): number {
  const weights = Array.from({ length: ranks }, (_, rank) => 1 / (rank + 1) ** 2);
  let left = rng.next() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [rank, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return rank;
  }
  return 0;
}

class TrafficDraw {
  readonly sendings: Sending[] = [];
  readonly payloads = new Map<string, Payload>();
  readonly #rng: Rng;
  readonly #swarm: FaultSwarm;
  readonly #start: EpochMs;
  readonly #groupOf: GroupOf;
  readonly #isLogFed: boolean;
  readonly #streams: readonly string[];
  readonly #sequences = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  #serial = 0;

  constructor(options: TrafficOptions, streams: readonly string[]) {
    const { rng, swarm, start, groupOf, isLogFed } = options;
    this.#rng = rng;
    this.#swarm = swarm;
    this.#start = start;
    this.#groupOf = groupOf;
    this.#isLogFed = isLogFed;
    this.#streams = streams;
  }

  message(stream: string, atMs: number, isLast: boolean): void {
    const closes = isLast && this.#rng.int(CLOSES_ONE_IN) === 0;
    const sequence = (this.#sequences.get(stream) ?? 0) + 1;
    this.#sequences.set(stream, sequence);
    const data = this.#data(stream, atMs);
    const about = {
      kind: "ordered",
      stream,
      group: this.#groupOf(stream),
      sequence,
      id: `${stream}#${sequence}`,
      data: closes ? { ...data, closes } : data,
      time: this.#time(stream, sequence, atMs),
    } as const;
    const isChecked = !this.#isLogFed && this.#rng.int(CHECKED_ONE_IN) === 0;
    const publication = orderedPublication(about, isChecked ? this.#checkIn(about) : undefined);
    const { group } = publication;
    this.#first(publication, atMs);
    if (this.#hits("duplicate-send")) {
      this.#send(publication, atMs + this.#rng.int(RESEND_MS_MAX), true);
    }
    if (this.#hitsBounded("rival-sender", stream)) {
      const { type: _, ...rest } = publication;
      const rival = { kind: "rival", id: `${publication.id}!`, data: { value: -1 } } as const;
      this.#send(orderedPublication({ ...rest, ...rival }), atMs + this.#rng.int(5_000));
    }
    if (closes && this.#hits("after-close")) {
      const surplus = { ...about, id: `${stream}#surplus`, sequence: sequence + 1 };
      const sent = orderedPublication({ ...surplus, kind: "surplus", data: { value: -2 } });
      this.#send(sent, atMs + this.#rng.int(RESEND_MS_MAX));
    }
    if (this.#hitsBounded("misrouted", stream)) this.#misroute(publication, atMs);
    if (this.#hits("malformed-body")) {
      this.#send(malformedPublication(stream, group, this.#unreadable(stream)), atMs);
    }
    if (this.#hits("oversize-body")) {
      const padded = { value: 0, padding: "x".repeat(BODY_BYTES_MAX) };
      const { body } = orderedPublication({ ...publication, data: padded });
      this.#send(malformedPublication(stream, group, body), atMs);
    }
  }

  /** Its data lies elsewhere: whole, torn, or not there yet. */
  #checkIn({ id, data }: { readonly id: string; readonly data: JsonObject }): ClaimCheck {
    const text = JSON.stringify(data);
    const isTorn = this.#hits("torn-payload");
    const fromMs = this.#hits("late-payload") ? this.#rng.int(TRANSIENT_MS_MAX) : 0;
    this.payloads.set(id, { text: isTorn ? text.replace("value", "worth") : text, fromMs });
    return { ref: id, sha256: sha256Hex(text), bytes: text.length };
  }

  #data(stream: string, atMs: number): JsonObject {
    const value = this.#rng.int(1_000);
    if (this.#isNewer()) return { value, since: 2 };
    if (this.#hitsBounded("permanent-poison", stream)) return { value, poison: "permanent" };
    if (this.#hits("transient-poison")) {
      return { value, failsUntil: this.#start + atMs + this.#rng.int(TRANSIENT_MS_MAX) };
    }
    return { value };
  }

  /** Only the newer one of two releases knows what it says. */
  #isNewer(): boolean {
    return this.#swarm.has("older-release") && this.#rng.int(NEWER_ONE_IN) === 0;
  }

  #time(stream: string, sequence: number, atMs: number): number | undefined {
    if (this.#isLogFed) return undefined;
    const regular = this.#start + atMs;
    if (sequence === 1 || !this.#hitsBounded("time-going-back", stream)) return regular;
    return this.#start - 1_000 - this.#rng.int(1_000);
  }

  #first(publication: Publication, atMs: number): void {
    if (this.#hits("late-send")) {
      this.#send(publication, atMs + this.#rng.int(LATE_MS_MAX));
    } else if (this.#hits("reorder")) {
      this.#send(publication, atMs + this.#rng.int(REORDER_MS_MAX));
    } else if (this.#hits("partial-send")) {
      // Accepted, said not to be: sent again with what follows it, under the same id.
      this.#send(publication, atMs);
      this.#send(publication, atMs + this.#rng.int(2_000), false);
    } else this.#send(publication, atMs);
  }

  #misroute(publication: Publication, atMs: number): void {
    const groups = this.#streams.map(this.#groupOf);
    const others = groups.filter((group) => group !== publication.group);
    const group = others[this.#rng.int(Math.max(1, others.length))] ?? "stray";
    this.#send({ ...publication, kind: "misrouted", group }, atMs + this.#rng.int(3_000));
  }

  #unreadable(stream: string): string {
    this.#serial += 1;
    const bodies = ["not json", "[1]", `{"specversion":"1.0","partitionkey":"${stream}"}`];
    return `${bodies[this.#rng.int(bodies.length)] ?? ""} ${" ".repeat(this.#serial)}`;
  }

  #send(publication: Publication, atMs: number, isResent = false): void {
    this.#serial += 1;
    const base = publication.id === "" ? `malformed-${this.#serial}` : publication.id;
    const deduplicationId = isResent ? `${base}#${this.#serial}` : `${publication.group} ${base}`;
    this.sendings.push({ publication, atMs, deduplicationId });
  }

  #hits(fault: keyof typeof TRAFFIC_FAULTS): boolean {
    if (!this.#swarm.fires(fault)) return false;
    this.#swarm.happened(fault);
    return true;
  }

  #hitsBounded(fault: keyof typeof TRAFFIC_FAULTS, stream: string): boolean {
    const key = `${fault} ${stream}`;
    const count = this.#counts.get(key) ?? 0;
    if (count >= VIOLATIONS_OF_A_KIND_MAX || !this.#hits(fault)) return false;
    this.#counts.set(key, count + 1);
    return true;
  }
}
