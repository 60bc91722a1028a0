/** Caught by import(no-mutable-exports). */
export let price = 1;
price += 1;
