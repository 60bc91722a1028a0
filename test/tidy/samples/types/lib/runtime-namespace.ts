/** Caught by TS1294. */
export namespace Prices {
  export const first = 1;
}
