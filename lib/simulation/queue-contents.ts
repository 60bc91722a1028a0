/**
 * What is in a FIFO queue: by id, and by group in the order of arrival.
 */

export type QueueMessage = {
  readonly body: string;
  readonly group: string;
  readonly deduplicationId: string;
  readonly attributes?: Readonly<Record<string, string>>;
};

export type Stored = {
  readonly message: QueueMessage;
  readonly messageId: string;
  /** Place in the order of arrival. */
  readonly order: number;
  readonly arrivedAt: number;
  receives: number;
  hiddenUntil: number;
  receiptHandle: string;
};

type Lane = { readonly group: string; readonly lane: Stored[]; readonly order: number };

export class QueueContents {
  /** In the order of arrival. */
  readonly #byId = new Map<string, Stored>();
  readonly #groups = new Map<string, Stored[]>();
  readonly #name: string;
  #serial = 0;

  constructor(name: string) {
    this.#name = name;
  }

  add(message: QueueMessage, arrivedAt: number): Stored {
    this.#serial += 1;
    const stored: Stored = {
      message,
      messageId: `${this.#name}-${this.#serial}`,
      order: this.#serial,
      arrivedAt,
      receives: 0,
      hiddenUntil: 0,
      receiptHandle: "",
    };
    this.#byId.set(stored.messageId, stored);
    const group = this.#groups.get(message.group);
    if (group === undefined) this.#groups.set(message.group, [stored]);
    else group.push(stored);
    return stored;
  }

  remove(stored: Stored): void {
    this.#byId.delete(stored.messageId);
    const { group } = stored.message;
    const rest = this.#groups.get(group) ?? [];
    rest.splice(rest.indexOf(stored), 1);
    if (rest.length === 0) this.#groups.delete(group);
  }

  find(messageId: string): Stored | undefined {
    return this.#byId.get(messageId);
  }

  /** In the order of arrival. */
  all(): readonly Stored[] {
    return [...this.#byId.values()];
  }

  size(): number {
    return this.#byId.size;
  }

  /** The earliest end of a time of hiding; undefined: nothing is hidden. */
  nextVisibleAt(now: number): number | undefined {
    let next: number | undefined;
    for (const { hiddenUntil } of this.#byId.values()) {
      if (hiddenUntil > now && (next === undefined || hiddenUntil < next)) next = hiddenUntil;
    }
    return next;
  }

  hidden(now: number): number {
    let count = 0;
    for (const { hiddenUntil } of this.#byId.values()) if (hiddenUntil > now) count += 1;
    return count;
  }

  oldest(): Stored | undefined {
    return this.#byId.values().next().value;
  }

  /** What could go out but was received often enough, group by group. */
  givenUp(receivesMax: number, now: number): readonly Stored[] {
    const found: Stored[] = [];
    for (const group of this.#groups.values()) {
      for (const stored of group) {
        if (stored.hiddenUntil > now) break;
        if (stored.receives >= receivesMax) found.push(stored);
      }
    }
    return found;
  }

  /**
   * Of each group what may go out now, the group first that waits longest.
   *
   * @param lookBack how many messages from the front are looked at.
   */
  availableLanes(lookBack: number, now: number): Map<string, Stored[]> {
    const last = this.#lastLookedAt(lookBack);
    const lanes: Lane[] = [];
    for (const [group, stored] of this.#groups) {
      const lane = available(stored, last, now);
      const [first] = lane;
      if (first !== undefined) lanes.push({ group, lane, order: first.order });
    }
    lanes.sort((a, b) => a.order - b.order);
    return new Map(lanes.map(({ group, lane }) => [group, lane]));
  }

  #lastLookedAt(lookBack: number): number {
    if (this.#byId.size <= lookBack) return Number.POSITIVE_INFINITY;
    return this.all()[lookBack - 1]?.order ?? 0;
  }
}

/**
 * What stands before the group's first message in flight: what becomes visible behind a hidden
 * message waits, what becomes visible before one may go
 * (github.com/localstack/localstack/pull/13386, validated against AWS; the guide itself says only
 * that no more messages of the group are returned, sqs-visibility-timeout.html).
 */
function available(group: readonly Stored[], last: number, now: number): Stored[] {
  const end = group.findIndex(({ hiddenUntil, order }) => hiddenUntil > now || order > last);
  return group.slice(0, end < 0 ? group.length : end);
}
