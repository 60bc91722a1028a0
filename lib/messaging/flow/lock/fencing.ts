/**
 * The rule that makes a lock safe, kept by what it protects and not by the lock: a write is refused
 * when a later holder has written. It needs no clock. Source: M. Kleppmann, "How to do distributed
 * locking" (fencing tokens).
 */

/**
 * Whether what has seen the token `lastSeen` takes a write with `token`, and from then on nothing
 * with a smaller one.
 *
 * @param lastSeen undefined: nobody has written under this lock yet.
 */
export const takesToken = (lastSeen: number | undefined, token: number): boolean =>
  lastSeen === undefined || lastSeen <= token;
