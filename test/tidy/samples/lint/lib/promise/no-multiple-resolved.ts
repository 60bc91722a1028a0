/** Caught by promise(no-multiple-resolved). */
export const paid = new Promise<string>((resolve, reject) => {
  resolve("paid");
  reject(new Error("not paid"));
});
