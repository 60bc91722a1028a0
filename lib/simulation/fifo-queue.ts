/**
 * An SQS FIFO queue as a state machine whose time is passed in. Only what AWS's own text (or a test
 * validated against AWS) says is modelled; each rule names its page. Pages are of the Amazon SQS
 * Developer Guide (docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide) or its API
 * reference (.../latest/APIReference) unless a full address is given.
 */
import {
  type DeduplicationScope,
  type DeduplicationWindow,
  deduplicationWindow,
} from "./deduplication-window.ts";
import { QueueContents, type QueueMessage, type Stored } from "./queue-contents.ts";

export type Received = QueueMessage & {
  readonly messageId: string;
  /** Fresh at every receive; only the newest one counts. */
  readonly receiptHandle: string;
  /** This receive included (`ApproximateReceiveCount`). */
  readonly receiveCount: number;
};

/** A message as invariants see it. */
export type Content = QueueMessage & {
  readonly messageId: string;
  readonly receiveCount: number;
  readonly isInFlight: boolean;
};

export type QueueChange = {
  readonly kind: "sent" | "deleted" | "dead" | "expired" | "redriven";
  readonly message: QueueMessage & { readonly messageId: string };
};

export type FifoQueueOptions = {
  readonly visibilityMs: number;
  /** Default: 4 days, as a queue has it that was made without another. */
  readonly retentionMs?: number;
  /** Absent: no message is ever given up. */
  readonly deadLetterQueue?: FifoQueue;
  /** Required with a dead-letter queue: how often a message is received at most. */
  readonly maxReceiveCount?: number;
  /** Default: 5 minutes. */
  readonly deduplicationMs?: number;
  /** Default: the message group, as every queue of high throughput has it. */
  readonly deduplicationScope?: DeduplicationScope;
  /** How many messages from the front are looked through for available groups. */
  readonly lookBack?: number;
  /** Which group the next message of a receive comes from. Default: the same group as before. */
  readonly pick?: PickGroup;
  /** What message ids and receipt handles begin with. */
  readonly name?: string;
  readonly onChange?: (change: QueueChange) => void;
};

/** @param available groups with a message that may go out, the one that waits longest first. */
export type PickGroup = (available: readonly string[], previous: string | undefined) => string;

export type HandleAnswer =
  | "done"
  /** Its visibility timeout is over, or the message was received again since. */
  | "expired"
  /** No such message is in the queue. */
  | "absent";

export type FifoQueue = {
  /** A duplicate answers the id of the message that it repeats, and is dropped. */
  send(
    message: QueueMessage,
    now: number,
  ): { readonly messageId: string; readonly isDuplicate: boolean };
  /** @param max 1 to 10 (API_ReceiveMessage, MaxNumberOfMessages). */
  receive(max: number, now: number): readonly Received[];
  delete(receiptHandle: string, now: number): HandleAnswer;
  /** 0 makes it visible at once. */
  changeVisibility(receiptHandle: string, visibilityMs: number, now: number): HandleAnswer;
  /** Takes a message over from another queue, past this one's deduplication. */
  takeOver(message: QueueMessage, now: number): string;
  /** What is visible goes to the other queue, the oldest first. Answers how many. */
  redriveTo(destination: FifoQueue, now: number): number;
  depth(now: number): { readonly visible: number; readonly inFlight: number };
  /** When the next message in flight becomes visible; undefined: none is in flight. */
  nextVisibleAt(now: number): number | undefined;
  /** In the order of arrival. */
  contents(now: number): readonly Content[];
};

const DAY_MS = 86_400_000;
const DEDUPLICATION_MS = 300_000;
/** avoid-backlog-with-the-same-message-group-id.html. */
const LOOK_BACK = 120_000;

/**
 * As many of one group as there are, then the next group: "attempts to return as many messages with
 * the same message group ID as possible" (FIFO-queues-understanding-logic.html, "Receiving
 * messages").
 */
const sameGroupFirst: PickGroup = (available, previous) =>
  previous !== undefined && available.includes(previous) ? previous : (available[0] ?? "");

export const fifoQueue = (options: FifoQueueOptions): FifoQueue => new Model(options);

class Model implements FifoQueue {
  readonly #options: FifoQueueOptions;
  readonly #window: DeduplicationWindow;
  readonly #contents: QueueContents;

  constructor(options: FifoQueueOptions) {
    const { deduplicationMs = DEDUPLICATION_MS, deduplicationScope = "group", name } = options;
    this.#options = options;
    this.#window = deduplicationWindow(deduplicationMs, deduplicationScope);
    this.#contents = new QueueContents(name ?? "m");
  }

  send(message: QueueMessage, now: number) {
    const known = this.#window.find(message, now);
    if (known !== undefined) return { messageId: known, isDuplicate: true };
    const messageId = this.takeOver(message, now);
    this.#window.remember(message, messageId, now);
    return { messageId, isDuplicate: false };
  }

  takeOver(message: QueueMessage, now: number): string {
    const stored = this.#contents.add(message, now);
    this.#tell("sent", stored);
    return stored.messageId;
  }

  receive(max: number, now: number): readonly Received[] {
    this.#expire(now);
    this.#giveUp(now);
    const { visibilityMs, lookBack = LOOK_BACK, pick = sameGroupFirst } = this.#options;
    const lanes = this.#contents.availableLanes(lookBack, now);
    const received: Received[] = [];
    let previous: string | undefined;
    while (received.length < max && lanes.size > 0) {
      previous = pick([...lanes.keys()], previous);
      const lane = lanes.get(previous);
      const stored = lane?.shift();
      if (lane === undefined || stored === undefined) break;
      if (lane.length === 0) lanes.delete(previous);
      stored.receives += 1;
      stored.hiddenUntil = now + visibilityMs;
      stored.receiptHandle = `${stored.messageId}/${stored.receives}`;
      const { message, messageId, receiptHandle, receives: receiveCount } = stored;
      received.push({ ...message, messageId, receiptHandle, receiveCount });
    }
    return received;
  }

  delete(receiptHandle: string, now: number): HandleAnswer {
    const stored = this.#holder(receiptHandle, now);
    if (typeof stored === "string") return stored;
    this.#remove(stored, "deleted");
    return "done";
  }

  changeVisibility(receiptHandle: string, visibilityMs: number, now: number): HandleAnswer {
    const stored = this.#holder(receiptHandle, now);
    if (typeof stored === "string") return stored;
    stored.hiddenUntil = now + visibilityMs;
    return "done";
  }

  redriveTo(destination: FifoQueue, now: number): number {
    this.#expire(now);
    const moving = this.#contents.all().filter(({ hiddenUntil }) => hiddenUntil <= now);
    for (const stored of moving) {
      this.#remove(stored, "redriven");
      // "Considered new messages with a new messageID and enqueueTime"
      // (sqs-configure-dead-letter-queue-redrive.html).
      destination.takeOver(stored.message, now);
    }
    return moving.length;
  }

  depth(now: number) {
    this.#expire(now);
    const inFlight = this.#contents.hidden(now);
    return { visible: this.#contents.size() - inFlight, inFlight };
  }

  nextVisibleAt(now: number): number | undefined {
    return this.#contents.nextVisibleAt(now);
  }

  contents(now: number): readonly Content[] {
    this.#expire(now);
    return this.#contents.all().map(({ message, messageId, receives, hiddenUntil }) => ({
      ...message,
      messageId,
      receiveCount: receives,
      isInFlight: hiddenUntil > now,
    }));
  }

  /** The handle's message, if its receipt is the newest and not over. */
  #holder(receiptHandle: string, now: number): Stored | "expired" | "absent" {
    const messageId = receiptHandle.slice(0, receiptHandle.lastIndexOf("/"));
    const stored = this.#contents.find(messageId);
    if (stored === undefined) return "absent";
    // A consumer that was slower than the visibility timeout and "tries to delete the processed
    // messages, the action fails with an error" (API_ReceiveMessage, ReceiveRequestAttemptId).
    const isOver = stored.hiddenUntil <= now || stored.receiptHandle !== receiptHandle;
    return isOver ? "expired" : stored;
  }

  /**
   * Retention counts from the arrival in this queue; in a FIFO dead-letter queue it begins anew
   * (setting-up-dead-letter-queue-retention.html).
   */
  #expire(now: number): void {
    const { retentionMs = 4 * DAY_MS } = this.#options;
    for (;;) {
      const oldest = this.#contents.oldest();
      if (oldest === undefined || oldest.arrivedAt + retentionMs > now) return;
      this.#remove(oldest, "expired");
    }
  }

  /**
   * What was received as often as allowed goes when it could have been received once more, in its
   * group's order (sqs-dead-letter-queues.html). The dead-letter queue knows it by its message id
   * instead of its deduplication id (sqs-configure-dead-letter-queue-redrive.html).
   */
  #giveUp(now: number): void {
    const { deadLetterQueue, maxReceiveCount = Number.POSITIVE_INFINITY } = this.#options;
    if (deadLetterQueue === undefined) return;
    for (const stored of this.#contents.givenUp(maxReceiveCount, now)) {
      this.#remove(stored, "dead");
      deadLetterQueue.takeOver({ ...stored.message, deduplicationId: stored.messageId }, now);
    }
  }

  #remove(stored: Stored, kind: QueueChange["kind"]): void {
    this.#contents.remove(stored);
    this.#tell(kind, stored);
  }

  #tell(kind: QueueChange["kind"], { message, messageId }: Stored): void {
    this.#options.onChange?.({ kind, message: { ...message, messageId } });
  }
}
