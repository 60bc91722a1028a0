/** The replay answers over HTTP and prints. */
export const print = (answer: { readonly status: number }) =>
  console.log(answer.status === 429 ? "again" : "done");
