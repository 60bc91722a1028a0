/** Caught by typescript(no-implied-eval). */
export function run(): void {
  setTimeout("pay()", 1);
}
