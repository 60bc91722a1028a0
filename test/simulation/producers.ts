/**
 * The producers of a schedule, and everything of theirs that comes again: a missing range that is
 * asked for, a lost tail, a stream that was rewound.
 */
import { memoryCommitLog, memoryEventStore } from "#adapters/memory/event-store";
import { type EpochMs, milliseconds } from "#kernel/units";
import {
  encode,
  failureOf,
  type FifoSender,
  type Head,
  reconcile,
  redeliveryFrom,
  resend,
  type SequenceRange,
} from "#messaging";
import type { ActorPlace } from "./actors.ts";
import { SOURCE, TYPE } from "./messages.ts";
import type { Publication } from "./publication.ts";
import type { Traffic } from "./traffic.ts";

export type ProducerPlace = Pick<
  ActorPlace,
  "scheduler" | "rng" | "publications" | "newId" | "groupOf" | "truths" | "send" | "reach"
> & {
  /** Their log is an event store, and what comes again comes out of it. */
  readonly isLogFed: boolean;
  readonly heads: { read(stream: string): Promise<Head | undefined> };
  readonly judge: (invariant: number, verdict: string) => void;
};

export type Producers = {
  /** Sends what was drawn, each at its time. */
  begin(): void;
  /** Answers a request from the producer's log: exactly the missing range. */
  redeliver(stream: string, missing: SequenceRange): Promise<void>;
  /** What no consumer has, of all that was ever said. */
  resendAll(): Promise<void>;
  /** Somebody sees that it was rewound, and has all of it sent again. */
  rewound(stream: string): void;
  /** Something is about to be sent again. */
  isBusy(): boolean;
};

type Again = Pick<Producers, "redeliver" | "resendAll"> & {
  readonly wholeStream: (stream: string) => Promise<void>;
};

const ANSWER_MS_MAX = 2_000;
const REWOUND_MS_MAX = 8_000;
/** Whatever was redriven or resent, every stream ends where it would have ended. */
const SAME_END = 11;

export function producers(place: ProducerPlace, traffic: Traffic, start: EpochMs): Producers {
  const { scheduler, rng, publications, send, isLogFed } = place;
  const said = ordered(place, traffic);
  const again = isLogFed ? outOfTheLog(place, said, start) : byHand(place, said);
  let underWay = 0;

  return {
    ...again,
    begin() {
      for (const { publication, atMs, deduplicationId } of traffic.sendings) {
        const known = publications.add(publication);
        scheduler.at(start + atMs, () => send(known, deduplicationId));
      }
    },
    rewound(stream) {
      underWay += 1;
      scheduler.after(rng.int(REWOUND_MS_MAX), () => {
        void again.wholeStream(stream).finally(() => (underWay -= 1));
      });
    },
    isBusy: () => underWay > 0,
  };
}

/** What the producers have to say: each once. */
function ordered(
  { publications }: Pick<ProducerPlace, "publications">,
  { sendings }: Traffic,
): readonly Publication[] {
  const said = new Set<Publication>();
  for (const { publication } of sendings) {
    if (publication.kind === "ordered") said.add(publications.add(publication));
  }
  return [...said];
}

/** Of texts that are not the relay's: with a time, or with their data elsewhere. */
function byHand(place: ProducerPlace, said: readonly Publication[]): Again {
  const { scheduler, rng, newId, send } = place;
  const again = (publication: Publication): void =>
    send(publication, `${publication.id}#${newId()}`);
  return {
    redeliver(stream, { from, to }) {
      const asked = said.filter((one) => {
        return one.stream === stream && from <= one.sequence && one.sequence <= to;
      });
      scheduler.after(rng.int(ANSWER_MS_MAX), () => asked.forEach(again));
      return Promise.resolve();
    },
    async resendAll() {
      const last = new Map(place.truths().map(({ stream, head }) => [stream, head?.last ?? 0]));
      for (const one of said) {
        if (one.sequence > (last.get(one.stream) ?? 0)) again(one);
      }
    },
    async wholeStream(stream) {
      for (const one of said) if (one.stream === stream) again(one);
    },
  };
}

/** The production ways, out of a store that has everything before it is sent for the first time. */
function outOfTheLog(place: ProducerPlace, said: readonly Publication[], start: EpochMs): Again {
  const { scheduler, newId, groupOf, heads, judge, reach, truths } = place;
  const store = memoryEventStore();
  for (const { stream, sequence, type, data } of bySequence(said)) {
    const events = [{ type, sequence, data }];
    void store.append({ stream, number: sequence, events, recordedAt: start });
  }
  const sender = senderOf(place);
  const way = { store, sender, source: SOURCE, types: [TYPE], groupOf, newId };

  const judged = async (what: string, act: () => Promise<unknown>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      judge(SAME_END, `${what}: ${failureOf(error).message}`);
    }
  };

  return {
    redeliver: (stream, missing) =>
      judged("the log cannot answer a request", () =>
        redeliveryFrom({ ...way, sender: senderOf(place, missing) }).request(stream, missing),
      ),
    resendAll: () =>
      judged("the log could not be sent again", async () => {
        const repaired = await reconcile(
          {
            ...way,
            log: memoryCommitLog(store),
            readers: [{ heads, ...way }],
            clock: scheduler.clock,
            graceMs: milliseconds(0),
          },
          start,
        );
        if (repaired.behind > 0) reach("tail-reconciled");
        for (const { stream, head } of truths()) {
          const waiting = head?.parked.at(-1)?.sequence;
          if (head === undefined || waiting === undefined) continue;
          await resend(way, stream, { from: head.last + 1, to: waiting });
        }
      }),
    wholeStream: (stream) =>
      judged("a stream could not be sent again", () => resend(way, stream, { from: 1 })),
  };
}

const bySequence = (said: readonly Publication[]): readonly Publication[] =>
  said.toSorted((a, b) => a.sequence - b.sequence);

/**
 * What comes again is what was sent first, text by text, or it is another message.
 *
 * @param asked nothing else may come. Absent: anything may.
 */
const senderOf = (
  { publications, send, judge }: ProducerPlace,
  { from, to }: SequenceRange = { from: 1, to: Number.POSITIVE_INFINITY },
): FifoSender => ({
  async send(messages) {
    for (const { envelope, group, deduplicationId } of messages) {
      const known = publications.find(group, encode(envelope));
      if (known !== undefined && from <= known.sequence && known.sequence <= to) {
        send(known, deduplicationId);
      } else judge(SAME_END, `group ${group}: ${envelope.id} comes again, or as something else`);
    }
  },
});
