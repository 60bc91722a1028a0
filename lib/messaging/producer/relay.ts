/**
 * Carries committed events out of a table: the only reader of its change stream. At least once, and
 * in order for each stream as it is given them and as `FifoSender` keeps it: first to the FIFO
 * queues of ordered readers, then to the bus, so that what nobody orders never overtakes the truth.
 * Critical violations go to the bus as well.
 */
import type { Failure } from "#kernel/failure";
import { failureOf } from "../consumer/handling.ts";
import type { Envelope, SentEnvelope } from "../envelope/envelope.ts";
import { type FiledViolation, violationEnvelope } from "../violation/violation-notice.ts";
import type { Commit } from "./event-store.ts";
import { fitting, type LargeEvents } from "./large-events.ts";
import type { EventBus, FifoSender, OutgoingMessage } from "./sender.ts";

/** One record of a table's change stream, in the stream's order. */
export type Change = {
  /** What the answer names it by (DynamoDB: the record's sequence number). */
  readonly position: string;
  readonly content: /** A commit was added. */
    | { readonly kind: "commit"; readonly commit: Commit }
    /** A consumer filed it with its head; published when it is critical. */
    | { readonly kind: "violation"; readonly filed: FiledViolation }
    /** Anything else: a head, a removal, an item of another kind. Not an event. */
    | { readonly kind: "other" }
    /** A commit or a violation that cannot be read; it and all behind it wait. */
    | { readonly kind: "unreadable"; readonly failure: Failure };
};

/** A FIFO queue and the event types that it carries. */
export type Route = {
  readonly types: readonly string[];
  readonly sender: FifoSender;
  /** As its consumer's. Default: one group for each stream, by its name. */
  readonly groupOf?: (stream: string) => string;
};

export type RelayOptions = LargeEvents & {
  /** CloudEvents `source` of the events of this table. */
  readonly source: string;
  readonly routes: readonly Route[];
  /** Gets every event. Default: nobody but the ordered readers. */
  readonly bus?: EventBus;
};

export type RelayAnswer = {
  /** Events that are out by every way. */
  readonly relayed: number;
  /**
   * The first change that is not out; it and all behind it have to come again. Absent: all are out.
   */
  readonly failed?: { readonly position: string; readonly failure: Failure };
};

export type Relay = {
  /** Never throws. What comes again is sent again: readers tell it by its id and sequence. */
  forward(changes: readonly Change[]): Promise<RelayAnswer>;
};

type Stop = { readonly index: number; readonly failure: Failure };

/** Built once for each table; it remembers nothing from call to call. */
export function relay({ source, routes, bus, ...large }: RelayOptions): Relay {
  return {
    async forward(changes) {
      let { events, stop } = await outgoing(changes, source, large);
      const goThrough = async (some: readonly Outgoing[], sendAll: SendAll): Promise<void> => {
        const failed = await send(some, sendAll);
        if (failed === undefined) return;
        // Nothing behind it goes on, so a later way can only stop earlier.
        stop = failed;
        events = events.filter(({ index }) => index < failed.index);
      };
      for (const { types, sender, groupOf = (stream: string) => stream } of routes) {
        const routed = events.filter(({ envelope }) => types.includes(envelope.type));
        const sent = (envelope: SentEnvelope) =>
          firstSend(envelope, groupOf(envelope.partitionkey));
        await goThrough(routed, (all) => sender.send(all.map(sent)));
      }
      if (bus !== undefined) await goThrough(events, (all) => bus.publish(all));

      const position = stop === undefined ? undefined : changes[stop.index]?.position;
      if (stop === undefined || position === undefined) return { relayed: events.length };
      return { relayed: events.length, failed: { position, failure: stop.failure } };
    },
  };
}

type Outgoing = { readonly index: number; readonly envelope: SentEnvelope };

/** All before the first change that cannot be read, or made to fit. */
async function outgoing(
  changes: readonly Change[],
  source: string,
  large: LargeEvents,
): Promise<{ readonly events: readonly Outgoing[]; readonly stop: Stop | undefined }> {
  const events: Outgoing[] = [];
  for (const [index, { content }] of changes.entries()) {
    if (content.kind === "unreadable") return { events, stop: { index, failure: content.failure } };
    const envelopes = published(content, source);
    try {
      const fit = large.claimChecks === undefined ? envelopes : await fitting(envelopes, large);
      events.push(...fit.map((envelope) => ({ index, envelope })));
    } catch (error) {
      return { events, stop: { index, failure: failureOf(error) } };
    }
  }
  return { events, stop: undefined };
}

function published(content: Change["content"], source: string): readonly Envelope[] {
  switch (content.kind) {
    case "commit":
      return envelopesOf(content.commit, source);
    case "violation": {
      const { filed } = content;
      return filed.violation.severity === "critical" ? [violationEnvelope(filed)] : [];
    }
    case "other":
    case "unreadable":
      return [];
    default:
      return content satisfies never;
  }
}

/** A stored event as it travels; the same envelope however often it is sent. */
export const envelopesOf = (commit: Commit, source: string): readonly Envelope[] =>
  // No `time`: several writers' clocks stamp one stream's commits, so it may step back where the
  // order does not.
  commit.events.map(({ type, sequence, data }) => ({
    specversion: "1.0",
    id: `${commit.stream}#${sequence}`,
    source,
    type,
    datacontenttype: "application/json",
    partitionkey: commit.stream,
    sequence,
    ...(commit.traceparent === undefined ? {} : { traceparent: commit.traceparent }),
    data,
  }));

const firstSend = (envelope: SentEnvelope, group: string): OutgoingMessage => ({
  envelope,
  group,
  deduplicationId: envelope.id,
});

type SendAll = (envelopes: readonly SentEnvelope[]) => Promise<void>;

/** Answers the change from which on events may not have arrived. */
async function send(events: readonly Outgoing[], sendAll: SendAll): Promise<Stop | undefined> {
  const stop = await attempt(events, sendAll);
  // A failure that passes will pass for all of them. One that does not must not hold up what is
  // before its cause.
  return stop === undefined || stop.failure.action === "retry" ? stop : sendEach(events, sendAll);
}

async function sendEach(events: readonly Outgoing[], sendAll: SendAll): Promise<Stop | undefined> {
  for (const event of events) {
    const stop = await attempt([event], sendAll);
    if (stop !== undefined) return stop;
  }
  return undefined;
}

/** Which of them arrived is not known after an error, so the first counts as not sent. */
async function attempt(events: readonly Outgoing[], sendAll: SendAll): Promise<Stop | undefined> {
  const [first] = events;
  if (first === undefined) return undefined;
  try {
    await sendAll(events.map(({ envelope }) => envelope));
    return undefined;
  } catch (error) {
    return { index: first.index, failure: failureOf(error) };
  }
}
