/** Caught by typescript(only-throw-error). */
export function refuse(): never {
  throw "refused";
}
