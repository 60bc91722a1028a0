/** Caught by typescript(switch-exhaustiveness-check). */
export function label(status: "open" | "paid"): string {
  switch (status) {
    case "open":
      return "not paid";
  }
  return "";
}
