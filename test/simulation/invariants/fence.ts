/**
 * 3: no write that was based on an older version of a head succeeds, and a version is never
 * lowered; no effect replaces what stands in its place, and no head one that cannot be read.
 */
import type { Invariant } from "./invariant.ts";

export const fence: Invariant = {
  number: 3,
  onWrite({ truth, after, base, overwritten, isOverUnreadable }) {
    if (overwritten.length > 0) {
      return `stream ${truth.stream}: an effect was written over ${overwritten.join()}`;
    }
    if (after === undefined) return undefined;
    if (isOverUnreadable) return `stream ${truth.stream}: its unreadable head was written over`;
    const standing = truth.head?.version ?? 0;
    if (base !== undefined && base !== standing) {
      return `stream ${truth.stream}: a write based on version ${base} replaced ${standing}`;
    }
    if (after.version === standing + 1) return undefined;
    return `stream ${truth.stream}: version ${after.version} was written over ${standing}`;
  },
};
