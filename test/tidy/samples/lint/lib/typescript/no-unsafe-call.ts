/** Caught by typescript(no-unsafe-call). */
export function pay(): void {
  JSON.parse("{}")();
}
