/** Statuses where only failures belong. */
export const created = { statusCode: 201 }; // caught
export const missing = { status: "404" }; // caught
export const isMissing = (answer: { readonly status: number }) => answer.status === 404; // caught
export const isBroken = (answer: { readonly status: number }) => 500 <= answer.status; // caught
export type Answer = { readonly status: 200 | 201 }; // caught
export function label(statusCode: number): string {
  switch (statusCode) {
    case 409: // caught
      return "conflict";
    default:
      return "other";
  }
}
const RETRY_STATUSES = [429, 503]; // caught
export const retries = (status: number) => RETRY_STATUSES.includes(status);
export const gateway = (status: number) => [502].includes(status); // caught
export const answer = () => new Response("", { status: 204 }); // caught
export const statusOf = (error: { readonly $metadata?: { readonly httpStatusCode?: number } }) =>
  error.$metadata?.httpStatusCode === 400; // caught
export const fallback = (given: number | undefined) => ({ status: given ?? 500 }); // caught
