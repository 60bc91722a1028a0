/** Caught by TS1294. */
export enum Status {
  open,
  paid,
}
