// What looks like a finding and is none: the status of an order, a number that is no status,
// a timer's name as a key.
export type Order = { readonly status: "open" | "paid"; readonly limit: 500 };
export const isOpen = (order: Order): boolean => order.status === "open";
export const options = { setTimeout: 400, pageSize: 200 };
export const patience = options.setTimeout;
