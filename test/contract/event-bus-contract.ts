/**
 * What every event bus must do. An adapter's own test file calls this with a constructor of one
 * that nobody has used.
 */
import { expect, test } from "vitest";
import type { EventBus, SentEnvelope } from "#messaging";
import { envelope } from "../support/consumer-world.ts";

export type EventBusUnderTest = {
  readonly bus: EventBus;
  /** What a reader of the bus has got, at least so many, in any order. */
  readonly delivered: (atLeast: number) => Promise<readonly SentEnvelope[]>;
};

const byId = (events: readonly SentEnvelope[]): readonly SentEnvelope[] =>
  events.toSorted((a, b) => (a.id < b.id ? -1 : 1));

export function eventBusContract(open: () => EventBusUnderTest | Promise<EventBusUnderTest>): void {
  test("an event is delivered as it was published", async () => {
    const { bus, delivered } = await open();
    const event = envelope("a", 1, { data: { text: 'é\n"', list: [1, null] }, traceparent: "t" });

    await bus.publish([event]);

    expect(await delivered(1)).toEqual([event]);
  });

  test("more events than fit one request are all delivered", async () => {
    const { bus, delivered } = await open();
    const events = Array.from({ length: 25 }, (_, index) => envelope("a", index + 1));

    await bus.publish(events);

    expect(byId(await delivered(25))).toEqual(byId(events));
  });

  test("what no reader would accept is refused, and nothing of the call is published", async () => {
    const { bus, delivered } = await open();

    const published = bus.publish([envelope("a", 1), envelope("a", 0)]);

    await expect(published).rejects.toMatchObject({ code: "malformed-message", action: "reject" });
    await bus.publish([envelope("a", 2)]);
    expect((await delivered(1)).map(({ id }) => id)).toEqual(["a#2"]);
  });

  test("nothing to publish is published", async () => {
    const { bus } = await open();

    await expect(bus.publish([])).resolves.toBeUndefined();
  });
}
