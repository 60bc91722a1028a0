/**
 * What has to come out: the handler alone, each message once and in order, and nothing going wrong.
 * Every schedule is compared with it, after every write.
 */
import { memoryTable } from "#adapters/memory/table";
import { Failure, isFailure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { Message } from "#messaging";
import { canonical, plainValue } from "./canonical.ts";
import { asMemory, itemIn, itemsIn } from "./item-table.ts";
import type { SimulatedHandler, SimulatedWrite, SimulationPlace, Subject } from "./subject.ts";

export type StreamReference = {
  /** Of the stream, in order. */
  readonly messages: readonly Message[];
  /** By position, from 0: a fold's state there. */
  readonly states: string[];
  /** By position, from 0: what the message that leads there writes. */
  readonly writes: (readonly string[])[];
  /** The sequence that can never be applied, and why; undefined: none. */
  halt: { readonly sequence: number; readonly why: string } | undefined;
};

export type Reference = {
  readonly streams: ReadonlyMap<string, StreamReference>;
  readonly items: readonly string[];
  readonly outside: string;
  /** Its handler calls somebody else. */
  readonly isExternal: boolean;
};

/** Of what keeps its state elsewhere. */
const NO_STATE = "null";

/** Compares as the user wants it compared. */
export const comparer =
  ({ comparable = (value) => value }: Pick<Subject<never>, "comparable">) =>
  (value: unknown): string =>
    canonical(comparable(plainValue(value)));

export async function referenceOf<Outside>(
  subject: Subject<Outside>,
  messages: readonly Message[],
  now: EpochMs,
): Promise<Reference> {
  const table = memoryTable();
  const outside = subject.outside?.() as Outside;
  const place: SimulationPlace<Outside> = {
    outside,
    get: async (name, key) => itemIn(table, name, key),
    call: async (effect) => effect(outside),
  };
  const handler = handlerIn(subject, place);
  const same = comparer(subject);
  const apply = asMemory(table, subject.keys);
  const streams = new Map<string, StreamReference>();
  const held = new Map<string, unknown>();

  const written = async (message: Message): Promise<readonly SimulatedWrite[]> => {
    for (const isLast of [false, true]) {
      const writes = await handled(handler, message, held, now);
      if (table.write(writes.map(apply)).length === 0) return writes;
      // What it was decided on may be outdated by another stream: once more, loaded afresh.
      held.delete(message.stream);
      if (isLast) break;
    }
    throw new Failure("conflict", "retry", `the writes of ${message.id} are refused`);
  };

  for (const message of messages) {
    const stream = streamIn(streams, message, messages, handler, same);
    if (stream.halt !== undefined) continue;
    try {
      const writes = await written(message);
      stream.states.push(handler.kind === "fold" ? same(held.get(message.stream)) : NO_STATE);
      stream.writes.push(writes.map(same));
    } catch (error) {
      if (isFailure(error) && error.code === "misconfigured") throw error;
      const why = error instanceof Error ? error.message : String(error);
      stream.halt = { sequence: message.sequence, why };
    }
  }
  const items = itemsIn(table).map((text) => same(JSON.parse(text)));
  return { streams, items, outside: same(outside), isExternal: handler.kind === "external" };
}

export const handlerIn = <Outside>(
  { handler }: Subject<Outside>,
  place: SimulationPlace<Outside>,
): SimulatedHandler => (typeof handler === "function" ? handler(place) : handler);

function streamIn(
  streams: Map<string, StreamReference>,
  { stream }: Message,
  messages: readonly Message[],
  handler: SimulatedHandler,
  same: (value: unknown) => string,
): StreamReference {
  const known = streams.get(stream);
  if (known !== undefined) return known;
  const made: StreamReference = {
    messages: messages.filter((message) => message.stream === stream),
    states: [handler.kind === "fold" ? same(handler.initial) : NO_STATE],
    writes: [[]],
    halt: undefined,
  };
  streams.set(stream, made);
  return made;
}

/** Answers what is written; what is kept for the stream's next message goes into `held`. */
async function handled(
  handler: SimulatedHandler,
  message: Message,
  held: Map<string, unknown>,
  now: EpochMs,
): Promise<readonly SimulatedWrite[]> {
  const { stream, sequence } = message;
  const delivery = { now, held: false };
  switch (handler.kind) {
    case "fold": {
      const state = held.has(stream) ? held.get(stream) : handler.initial;
      // A copy, so that a fold that changes what it is given spoils nothing here.
      held.set(stream, handler.evolve(plainValue(state), message, delivery));
      return [];
    }
    case "effects": {
      const loaded = held.has(stream) ? held.get(stream) : await handler.load(stream);
      const effect = handler.handle(loaded, message, delivery);
      held.set(stream, effect.loaded);
      return effect.writes;
    }
    case "external":
      await handler.call(message, { key: `${stream}:${sequence}`, attempt: 1 });
      return [];
    default:
      return handler satisfies never;
  }
}
