/**
 * A range of a stream's events, found by the numbers of their commits. A commit has an event at
 * least, so its number is never above its first sequence, and between two commits there are never
 * more commits than events: both bound where to look, whatever was stored before the range.
 */
import { type Commit, type EventRange, isWithin } from "#messaging";
import { COMMIT_NUMBER_MAX } from "./commit-items.ts";
import { type CommitPlace, queriedCommits } from "./commit-query.ts";

/** What is asked for is near the end, as a rule: one request, of about four read units. */
const FIRST_LOOK = 16;

/**
 * Reads the first look and at most one commit for each event from `from` on: of those, what is
 * behind `to` only as far as commits have several events.
 *
 * Errors: as of `queriedCommits`.
 */
export async function commitsInRange(
  place: CommitPlace,
  stream: string,
  { from, to = COMMIT_NUMBER_MAX }: EventRange,
): Promise<readonly Commit[]> {
  const last = Math.min(to, COMMIT_NUMBER_MAX);
  if (last < 1 || from > to) return [];
  if (from <= 1) return fromBeginning(place, stream, last);
  const commits = await newest(place, stream, from, [1, last], FIRST_LOOK);
  const oldest = commits.at(-1);
  const lacking = (oldest?.events[0]?.sequence ?? from) - from;
  if (oldest !== undefined && lacking > 0) {
    const numbers = [Math.max(1, oldest.number - lacking), oldest.number - 1] as const;
    if (numbers[1] > 0) commits.push(...(await newest(place, stream, from, numbers)));
  }
  return commits.filter((commit) => isWithin(commit, { from, to })).toReversed();
}

async function fromBeginning(
  place: CommitPlace,
  stream: string,
  last: number,
): Promise<readonly Commit[]> {
  const commits: Commit[] = [];
  for await (const commit of queriedCommits(place, stream, { numbers: [1, last] })) {
    if (!isWithin(commit, { from: 1, to: last })) break;
    commits.push(commit);
  }
  return commits;
}

/** Back to the commit that has `from`. */
async function newest(
  place: CommitPlace,
  stream: string,
  from: number,
  numbers: readonly [number, number],
  commitsMax?: number,
): Promise<Commit[]> {
  const query = { numbers, newestFirst: true, commitsMax };
  const commits: Commit[] = [];
  for await (const commit of queriedCommits(place, stream, query)) {
    commits.push(commit);
    if ((commit.events[0]?.sequence ?? 0) <= from) break;
  }
  return commits;
}
