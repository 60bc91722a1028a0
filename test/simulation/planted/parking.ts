/**
 * Messages that wait, and are lost, mixed up or out of date when their turn comes.
 */
import type { Message, ParkedMessage } from "#messaging";
import { bug, type BugWithControl, withHead, written } from "./bug.ts";

const ROOM = 3;

const oldestDropped = written((commit) => {
  const { parked } = commit.head;
  if (parked.length <= ROOM) return commit;
  const oldest = parked.reduce((a, b) => (b.parkedAt < a.parkedAt ? b : a));
  return withHead(commit, { parked: parked.filter((entry) => entry !== oldest) });
});

/** The buffer is a list, and the places in it are numbered as they are taken. */
const inOrderOfArrival = written((commit) => {
  const { parked } = commit.head;
  const inline = parked.flatMap(({ message, ...entry }) =>
    message === undefined ? [] : [{ ...entry, message }],
  );
  if (inline.length < parked.length) return commit;
  const arrived = inline.toSorted((a, b) => a.parkedAt - b.parkedAt);
  const numbered = arrived.map((entry, index): ParkedMessage => {
    const sequence = parked[index]?.sequence ?? entry.sequence;
    return { ...entry, sequence, message: { ...entry.message, sequence } };
  });
  return withHead(commit, { parked: numbered });
});

const bodiesForgotten = written((commit) => ({
  ...commit,
  beside: (commit.beside ?? []).filter(({ kind }) => kind !== "park"),
}));

function withoutReference(message: Message): Message {
  const { claimCheck: _, ...rest } = message;
  return rest;
}

/** As it is parked, its data is empty: what stands for it is forgotten. */
const claimChecksForgotten = written((commit) => ({
  ...withHead(commit, {
    parked: commit.head.parked.map((entry) =>
      entry.message === undefined ? entry : { ...entry, message: withoutReference(entry.message) },
    ),
  }),
  beside: (commit.beside ?? []).map((write) =>
    write.kind === "park" ? { ...write, message: withoutReference(write.message) } : write,
  ),
}));

export const PARKING: readonly BugWithControl[] = [
  bug(
    "full-buffer-drops-oldest",
    "a full buffer drops its oldest message, which was acknowledged",
    {
      store: oldestDropped,
    },
  ),
  bug("drained-as-arrived", "what is parked is released in the order of its arrival", {
    store: inOrderOfArrival,
  }),
  bug("parked-body-not-stored", "the head points to a parked body that nobody has written", {
    store: bodiesForgotten,
    settings: { parkedBytesMax: 400 },
  }),
  bug("parked-claim-check-lost", "a claim check that waits is applied without what it stands for", {
    store: claimChecksForgotten,
  }),
];
