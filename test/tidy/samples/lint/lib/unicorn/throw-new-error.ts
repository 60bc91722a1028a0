/** Caught by unicorn(throw-new-error). */
export function refuse(): never {
  throw TypeError("refused");
}
