/** Caught by TS1360. */
export function label(status: "open" | "paid"): string {
  switch (status) {
    case "open":
      return "not paid";
    default:
      return status satisfies never;
  }
}
