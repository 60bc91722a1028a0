/** Caught by typescript(no-namespace). */
export namespace Prices {
  export type Price = number;
}
