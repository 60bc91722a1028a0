/**
 * Where the local cloud and the simulator's models answer differently, and why that may stay so.
 * The differential test fails for any other difference, and for one named here that no longer
 * shows.
 */

export type KnownDifference = {
  readonly name: string;
  readonly model: string;
  readonly localCloud: string;
  /** What AWS says, and what follows. */
  readonly reason: string;
};

export const KNOWN_DIFFERENCES = [
  {
    name: "group-order",
    model: "A receive takes as many messages of one group as there are, then the next group.",
    localCloud: "A receive takes messages in the order of their arrival, whatever their group.",
    reason:
      "AWS only attempts the first (FIFO-queues-understanding-logic.html), and promises no order " +
      "between groups; the model takes another choice as its option `pick`.",
  },
  {
    name: "before-hidden",
    model: "What became visible before a hidden message of its group may be received.",
    localCloud: "A group of which anything is hidden gives nothing.",
    reason:
      "A test of LocalStack that was validated against AWS shows the first " +
      "(localstack/localstack#13386). With one consumer that never changes a visibility, as " +
      "Lambda's mapping, both are the same.",
  },
  {
    name: "handle-outlives-visibility",
    model: "When its visibility timeout is over, a receipt handle neither deletes nor hides.",
    localCloud: "It does, until the message is received again.",
    reason:
      "AWS: a consumer that is slower than the visibility timeout and then deletes gets an error " +
      "(API_ReceiveMessage.html). The model is the stricter of both: what it redelivers, the " +
      "local cloud may have deleted.",
  },
  {
    name: "dead-before-hidden",
    model: "A message goes to the dead letters when it could have been received once more.",
    localCloud: "It goes at once when its own visibility is over, also from behind a hidden one.",
    reason:
      "AWS moves a message whose receives exceed the maximum (sqs-dead-letter-queues.html), and " +
      "it is not received before the hidden one is. The order in the dead-letter queue differs.",
  },
  {
    name: "dead-deduplication-id",
    model: "A dead letter's deduplication id is its message id in the queue that it came from.",
    localCloud: "A dead letter keeps its deduplication id.",
    reason:
      "AWS replaces it (sqs-configure-dead-letter-queue-redrive.html). Nothing of ours reads a " +
      "dead letter's deduplication id.",
  },
  {
    name: "no-move-task",
    model: "The dead letters can be moved back to their queue.",
    localCloud: "StartMessageMoveTask is not known.",
    reason: "Our own redrive receives, sends and deletes instead.",
  },
] as const satisfies readonly KnownDifference[];

export type DifferenceName = (typeof KNOWN_DIFFERENCES)[number]["name"];
