/** Caught by typescript(await-thenable). */
export async function twice(price: number): Promise<number> {
  const amount = await price;
  return amount * 2;
}
