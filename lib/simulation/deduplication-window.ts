/**
 * Which messages an SQS FIFO queue takes for repetitions: "if a message with a particular message
 * deduplication ID is sent successfully, any messages sent with the same ID are accepted but aren't
 * delivered during the 5-minute deduplication interval", also after the first was received and
 * deleted (using-messagededuplicationid-property.html and FIFO-queues-exactly-once-processing.html,
 * Amazon SQS Developer Guide).
 */

/** Ids count within their group, or within the whole queue (attribute DeduplicationScope). */
export type DeduplicationScope = "group" | "queue";

type Identified = { readonly group: string; readonly deduplicationId: string };

export type DeduplicationWindow = {
  /** The id of the message that this one repeats; undefined: it repeats none. */
  find(message: Identified, now: number): string | undefined;
  /** @param now never earlier than at the call before. */
  remember(message: Identified, messageId: string, now: number): void;
};

type Entry = { readonly messageId: string; readonly until: number };

export function deduplicationWindow(
  lastingMs: number,
  scope: DeduplicationScope,
): DeduplicationWindow {
  /** In the order of their times, so that what is over is at the front. */
  const entries = new Map<string, Entry>();

  const keyOf = ({ group, deduplicationId }: Identified): string =>
    scope === "group" ? `${group} ${deduplicationId}` : deduplicationId;

  return {
    find(message, now) {
      const entry = entries.get(keyOf(message));
      return entry !== undefined && entry.until > now ? entry.messageId : undefined;
    },
    remember(message, messageId, now) {
      for (const [key, { until }] of entries) {
        if (until > now) break;
        entries.delete(key);
      }
      entries.set(keyOf(message), { messageId, until: now + lastingMs });
    },
  };
}
