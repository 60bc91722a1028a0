/**
 * What the system under test has around it: the network to its stores, the producer's log, the
 * payloads that lie elsewhere; everything it does is written down.
 */
import type { MemoryTable } from "#adapters/memory/table";
import { remote } from "#simulation/remote";
import { type Ground, START, type WorldOptions } from "./ground.ts";
import { branchOf } from "./journal.ts";
import type { Judges } from "./judges.ts";
import type { Producers } from "./producers.ts";
import type { Releases } from "./releases.ts";
import type { Source } from "./source.ts";
import { type StartSandbox, system } from "./system.ts";
import type { Traffic } from "./traffic.ts";

export type Surroundings = Ground &
  Judges & {
    readonly traffic: Traffic;
    readonly table: MemoryTable;
    readonly senders: Producers;
    readonly queue: () => Source;
    readonly releases: Releases;
  };

export function startOf(place: Surroundings, { plant = {}, kills }: WorldOptions): StartSandbox {
  const { scheduler: time, swarm, rng, journal: book, watch, configuration, traffic } = place;
  const { kind, writesMax, settings, recovery, startAt, groupOf, older } = configuration;
  return system({
    kind,
    writesMax,
    ways: { settings, recovery, startAt, groupOf },
    older: older && { ...older, ways: { ...older, startAt, groupOf } },
    isOlder: place.releases.isOlder,
    plant,
    remote: remote({
      scheduler: time,
      swarm,
      rng: rng.fork("remote"),
      ...(kills === undefined ? {} : { kills }),
      onTrouble: (process, target, fault) => {
        book.note(process.name, `${fault} at ${target.port}`, target.subject);
        watch.trouble(process, target, fault);
      },
    }),
    table: place.table,
    outside: place.outside,
    calls: place.calls,
    now: time.now,
    newId: place.newId,
    deadLetters: () => place.queue().deadLetters,
    redeliver: (stream, missing) => {
      book.reach(configuration.isLogFed ? "redelivered-from-log" : "redelivered");
      return place.senders.redeliver(stream, missing);
    },
    payload: (ref) => {
      const stored = traffic.payloads.get(ref);
      return stored !== undefined && stored.fromMs <= time.now() - START ? stored.text : undefined;
    },
    observe: (process, event) => {
      book.reach(branchOf(event));
      if (event.kind !== "returned") return;
      if (event.error?.message.startsWith(`The head of stream "${event.stream}" cannot be read`)) {
        book.reach("head-refused");
      }
      book.reach(`returned-${event.why}`);
      book.note(process.name, `returns for ${event.why}`, event.stream ?? "");
      watch.observe(process, event);
    },
    onFailure: (process, stream) => {
      book.reach("handler-failed");
      watch.excuse(process, stream);
    },
    asWriter: place.asWriter,
    onBase: place.onBase,
  });
}
