/**
 * A head store in front of another one that does at each request what a test plans: loses the
 * answer, refuses, or lets somebody else act first.
 */
import { Failure } from "#kernel/failure";
import type { AppendWrite, HeadStore } from "#messaging";

export type Fate =
  | "answered"
  /** Took effect, but nobody heard of it. */
  | "lost-after-write"
  /** Never arrived, and nobody knows that. */
  | "lost-before-write"
  | "throttled"
  /** Somebody else acts first; then the request goes through. */
  | (() => Promise<unknown>);

/** The fates of the requests in turn; all after them are answered. */
export type Fates = { readonly reads?: readonly Fate[]; readonly commits?: readonly Fate[] };

export function faultyHeadStore(
  store: HeadStore<AppendWrite>,
  { reads = [], commits = [] }: Fates,
): HeadStore<AppendWrite> {
  const [readsLeft, commitsLeft] = [[...reads], [...commits]];
  return {
    bounds: store.bounds,
    read: (stream) => undergo(readsLeft.shift(), () => store.read(stream)),
    readParked: (stream, sequences) =>
      undergo(readsLeft.shift(), () => store.readParked(stream, sequences)),
    commit: (commit) => undergo(commitsLeft.shift(), () => store.commit(commit)),
  };
}

async function undergo<Answer>(
  fate: Fate = "answered",
  request: () => Promise<Answer>,
): Promise<Answer> {
  if (typeof fate === "function") await fate();
  if (fate === "throttled") throw new Failure("store-throttled", "retry", "too many requests");
  if (fate === "lost-before-write") throw lost();
  const answer = await request();
  if (fate === "lost-after-write") throw lost();
  return answer;
}

const lost = (): Failure => new Failure("outcome-unknown", "retry", "the connection broke");
