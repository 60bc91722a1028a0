/** Data of a neighbour. */
export const file = "../shared/data/orders.csv"; // caught
