/**
 * What was handed to the queue, and by whom: the reference that everything else is compared with.
 */
import type { JsonObject } from "#kernel/json";

/** Every copy of one text in one message group is the same publication. */
export type Publication = {
  readonly kind:
    | "ordered"
    /** Another sender's message with a sequence that is taken. */
    | "rival"
    /** An ordered message in the wrong message group. */
    | "misrouted"
    /** It follows the end of its stream. */
    | "surplus"
    | "malformed"
    | "control";
  readonly stream: string;
  readonly group: string;
  readonly body: string;
  /** Empty for what has no envelope. */
  readonly id: string;
  /** 0 for what has no place in the order. */
  readonly sequence: number;
  readonly type: string;
  readonly data: JsonObject;
  readonly time: number | undefined;
  /** Copies that the queue and its dead letters hold now. */
  copies: number;
  /** The queue has said that it has it. */
  isAccepted: boolean;
  /** Of them, those that the consumer has put among the dead letters. */
  buried: number;
  /** The consumer has put it there at least once; it may have been redriven since. */
  wasBuried: boolean;
};

/** Which message group a stream is routed to. */
export type GroupOf = (stream: string) => string;

export type Publications = {
  add(publication: Publication): Publication;
  find(group: string, body: string): Publication | undefined;
  /** Of one stream and sequence, misrouted ones left out. */
  at(stream: string, sequence: number): readonly Publication[];
  all(): readonly Publication[];
};

export function publications(): Publications {
  const byGroup = new Map<string, Map<string, Publication>>();
  const byPlace = new Map<string, Map<number, Publication[]>>();
  const list: Publication[] = [];

  return {
    add(publication) {
      const { group, body, stream, sequence, kind } = publication;
      const found = byGroup.get(group)?.get(body);
      if (found !== undefined) return found;
      list.push(publication);
      entry(byGroup, group, () => new Map()).set(body, publication);
      if (kind === "ordered" || kind === "rival" || kind === "surplus") {
        const places = entry(byPlace, stream, () => new Map<number, Publication[]>());
        const there: Publication[] = entry(places, sequence, () => []);
        there.push(publication);
      }
      return publication;
    },
    find: (group, body) => byGroup.get(group)?.get(body),
    at: (stream, sequence) => byPlace.get(stream)?.get(sequence) ?? [],
    all: () => list,
  };
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
