/**
 * What an operator tries with a message that waits where its stream halted, and did not halt it: to
 * leave it out, to replace it, and at last to try again.
 */
import type { OrderedConsumer } from "#messaging";
import { commands, unhurried, type World } from "./consumer-world.ts";

/** Answers why the first two were refused, and the third, which was not. */
export async function decideOnInnocent(
  world: World,
  consumer: Pick<OrderedConsumer, "consume">,
  sequence: number,
): Promise<readonly string[]> {
  const command = commands();
  await consumer.consume(
    [
      command("a", { kind: "skip", id: "d1", sequence }),
      command("a", { kind: "replace", id: "d2", sequence, data: {} }),
      command("a", { kind: "retry", id: "d3", sequence }),
    ],
    unhurried,
  );
  const records = await world.audit("a");
  return records.flatMap((record) =>
    record.kind === "decision" ? [record.refused ?? record.decision.kind] : [],
  );
}
