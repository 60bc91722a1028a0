/** Caught by eslint(default-case-last). */
export function label(status: string): string {
  switch (status) {
    default:
      return "open";
    case "paid":
      return "paid";
  }
}
