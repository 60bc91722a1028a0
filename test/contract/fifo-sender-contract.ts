/**
 * What every FIFO sender must do. An adapter's own test file calls this with a constructor of one
 * whose queue is empty.
 */
import { expect, test } from "vitest";
import { decode, type Envelope, type FifoSender, type OutgoingMessage } from "#messaging";
import { envelope } from "../support/consumer-world.ts";

export type Accepted = {
  readonly body: string;
  readonly group: string | undefined;
};

export type FifoSenderUnderTest = {
  readonly sender: FifoSender;
  /** What the queue holds, in its order. */
  readonly accepted: () => Promise<readonly Accepted[]>;
};

const outgoing = (sent: Envelope, deduplicationId = sent.id): OutgoingMessage => ({
  envelope: sent,
  group: sent.partitionkey,
  deduplicationId,
});

/** The stream and sequence of each, by group. */
const sequencesOf = (accepted: readonly Accepted[], stream: string): readonly number[] =>
  accepted.flatMap(({ body, group }) => {
    const decoded = decode(body);
    return group === stream && decoded.kind === "message" ? [decoded.message.sequence] : [];
  });

const upTo = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);

export function fifoSenderContract(
  open: () => FifoSenderUnderTest | Promise<FifoSenderUnderTest>,
): void {
  test("a message arrives as it was sent", async () => {
    const { sender, accepted } = await open();
    const sent = envelope("a", 1, { data: { text: 'é\n"', nested: { list: [1, null] } } });

    await sender.send([outgoing(sent)]);

    const [message, ...others] = await accepted();
    expect(others).toEqual([]);
    expect(message?.group).toBe("a");
    expect(JSON.parse(message?.body ?? "")).toEqual(sent);
  });

  test("messages of one group keep their order, beside those of others", async () => {
    const { sender, accepted } = await open();
    const messages = upTo(35).flatMap((sequence) =>
      ["a", "b"].map((stream) => outgoing(envelope(stream, sequence))),
    );

    await sender.send(messages);

    const all = await accepted();
    expect(sequencesOf(all, "a")).toEqual(upTo(35));
    expect(sequencesOf(all, "b")).toEqual(upTo(35));
  });

  test("a repeated deduplication id is dropped, a fresh one is not", async () => {
    const { sender, accepted } = await open();
    const sent = envelope("a", 1);

    await sender.send([outgoing(sent)]);
    await sender.send([outgoing(sent)]);
    await sender.send([outgoing(sent, `${sent.id}#request-2`)]);

    expect(await accepted()).toHaveLength(2);
  });

  test("large messages are sent too, several of them at once", async () => {
    const { sender, accepted } = await open();
    const messages = upTo(6).map((sequence) =>
      outgoing(envelope("a", sequence, { data: { text: "x".repeat(250_000) } })),
    );

    await sender.send(messages);

    expect(sequencesOf(await accepted(), "a")).toEqual(upTo(6));
  });

  test("what no reader would accept is refused, and nothing of the call is sent", async () => {
    const { sender, accepted } = await open();
    const sent = sender.send([outgoing(envelope("a", 1)), outgoing(envelope("a", 0))]);

    await expect(sent).rejects.toMatchObject({ code: "malformed-message", action: "reject" });
    expect(await accepted()).toEqual([]);
  });

  test("nothing to send is sent", async () => {
    const { sender, accepted } = await open();

    await sender.send([]);

    expect(await accepted()).toEqual([]);
  });
}
