/** Caught by TS1294. */
export class Price {
  constructor(readonly amount: number) {}
}
