/** Caught by typescript(no-floating-promises). */
async function charge(): Promise<void> {}
export function pay(): void {
  charge();
}
