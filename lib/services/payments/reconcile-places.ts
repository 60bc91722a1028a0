/**
 * Where the comparison with the provider stands on each side, kept after every page, so that a run
 * that ends in any way loses no more than the page it was at.
 */
import type { RecordStore } from "#messaging/flow/index";

/** The provider's payments held against our books, or the other way round. */
export type Pass = "provider" | "books";

export type PlacesPorts = { readonly cursors: RecordStore; readonly newId: () => string };

const CURSORS = "cursors";

/** Errors: the store's, here and at every move. */
export async function reconcilePlaces({ cursors, newId }: PlacesPorts) {
  const stored = await cursors.read(CURSORS);
  let version = stored?.version ?? 0;
  const places: Record<Pass, string | undefined> = {
    provider: textIn(stored?.data["provider"]),
    books: textIn(stored?.data["books"]),
  };
  return {
    /** Undefined: at the beginning. */
    of: (pass: Pass): string | undefined => places[pass],
    /** False when another run has moved: that one goes on. */
    async move(pass: Pass, to: string | undefined): Promise<boolean> {
      places[pass] = to;
      const { provider, books } = places;
      const answer = await cursors.write(CURSORS, {
        version: version + 1,
        changeId: newId(),
        data: { ...(provider && { provider }), ...(books && { books }) },
      });
      version += 1;
      return answer.kind === "written";
    },
  };
}

const textIn = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;
