/** Caught by TS7030. */
export function label(paid: boolean): string | undefined {
  if (paid) return "paid";
}
