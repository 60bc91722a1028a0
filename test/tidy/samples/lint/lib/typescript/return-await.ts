/** Caught by typescript(return-await). */
async function charge(): Promise<void> {}
export async function pay(): Promise<void> {
  try {
    return charge();
  } catch (error) {
    throw new Error("not paid", { cause: error });
  }
}
