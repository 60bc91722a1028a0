/** Caught by typescript(parameter-properties). */
export class Price {
  constructor(readonly amount: number) {}
}
