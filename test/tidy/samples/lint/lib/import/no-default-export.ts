/** Caught by import(no-default-export). */
export default function price(): number {
  return 1;
}
