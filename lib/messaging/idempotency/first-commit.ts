/**
 * Event-sourced idempotency: the log is the record. Where an effect is to begin a stream whose id
 * follows from the idempotency key, its first commit says that it was had, with what and when; no
 * claim, no second write, and no end to how long it is remembered.
 *
 * What it cannot detect: a second request that is to change a stream that exists. That is what the
 * commit's expected number is for.
 */
import { Failure, isFailure } from "#kernel/failure";
import { canonicalJson } from "#kernel/hash";
import type { Commit, EventStore } from "../producer/event-store.ts";

/** A commit has an event at least, so the first one has this sequence. */
const FIRST = { from: 1, to: 1 } as const;

/** What stood there before this request; undefined: this request wrote it. */
export type FirstCommit = { readonly earlier: Commit | undefined };

/** Attempts of one write whose outcome stays unknown; each is followed by a read. */
const ATTEMPTS_MAX = 3;

/**
 * One conditional write.
 *
 * @param commit number 1 of its stream, with the fingerprint of its request.
 * @throws Failure `idempotency-key-reused` (reject) when the stream was begun by a request with
 * another fingerprint; as `EventStore.append`, `outcome-unknown` only after reading back.
 */
export async function commitFirst(
  store: Pick<EventStore, "append" | "read">,
  commit: Commit,
): Promise<FirstCommit> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await store.append(commit);
      if (answer.kind === "appended") return { earlier: undefined };
      return { earlier: sameRequest(answer.commit, commit.fingerprint) };
    } catch (error) {
      if (!isFailure(error) || error.code !== "outcome-unknown") throw error;
      const [first] = await store.read(commit.stream, FIRST);
      // After a lost answer the write was ours if what stands there is what we wrote.
      if (first !== undefined && canonicalJson(first) === canonicalJson(commit)) {
        return { earlier: undefined };
      }
      if (first !== undefined) return { earlier: sameRequest(first, commit.fingerprint) };
      if (attempt >= ATTEMPTS_MAX) throw error;
    }
  }
}

/** For a request that can no longer be decided, but may have been before. */
export async function findFirst(
  store: Pick<EventStore, "read">,
  { stream, fingerprint }: { readonly stream: string; readonly fingerprint: string },
): Promise<FirstCommit> {
  const [first] = await store.read(stream, FIRST);
  return { earlier: first === undefined ? undefined : sameRequest(first, fingerprint) };
}

function sameRequest(first: Commit, fingerprint: string | undefined): Commit {
  if (first.fingerprint === fingerprint) return first;
  throw new Failure(
    "idempotency-key-reused",
    "reject",
    `This idempotency key stands for ${first.stream}, begun by a request with another body; use ` +
      "a new key for another one.",
  );
}
