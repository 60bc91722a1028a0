/**
 * What a run knows of its stream: the head, and what was loaded, read and answered for it.
 */
import type { Failure } from "#kernel/failure";
import type { Message } from "../envelope/envelope.ts";
import { neverWritten } from "../head/head-transitions.ts";
import type { Head } from "../head/head.ts";
import type { PlannedCommit } from "../plan/commit-draft.ts";
import type { Handling, Memory } from "./handling.ts";

export class StreamKnowledge<Held> {
  memory: Memory<Held> = { kind: "absent" };
  /** The head was read, or written, in this batch: what it says counts without a commit. */
  isTrusted = false;
  /** Of the head as it is known; another writer may have replaced them. */
  readonly bodies = new Map<number, Message | Failure>();
  /** A call that was answered stays answered, whoever wrote the head meanwhile. */
  readonly outcomes = new Map<number, { readonly failure?: Failure }>();
  readonly #recall: Handling<Held, never>["recall"];
  readonly #stream: string;
  #head: Head | undefined;

  constructor({ recall }: Pick<Handling<Held, never>, "recall">, stream: string) {
    this.#recall = recall;
    this.#stream = stream;
  }

  /** Until one is known: that of a stream that was never seen. */
  get head(): Head {
    this.#head ??= neverWritten(this.#stream);
    return this.#head;
  }

  /** A head that was read or written just now. */
  take(head: Head, memory: Memory<Held>): void {
    this.#head = head;
    this.memory = this.#recall(head) ?? memory;
    this.isTrusted = true;
  }

  /** The bodies that a written head points to; what is applied is done with. */
  bodiesAfter({ head, beside }: Pick<PlannedCommit<Held, never>, "head" | "beside">): void {
    for (const write of beside) {
      if (write.kind === "park") this.bodies.set(write.message.sequence, write.message);
      if (write.kind === "unpark") this.bodies.delete(write.sequence);
    }
    for (const sequence of this.bodies.keys()) {
      if (sequence <= head.last) this.bodies.delete(sequence);
    }
  }
}
