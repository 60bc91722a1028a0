/** Caught by eslint(no-empty). */
export function pay(paid: boolean): void {
  if (paid) {
  }
}
