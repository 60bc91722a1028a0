/** Caught by format. */
export const total = ( prices : readonly number[] ) => prices.reduce( (a,b) => a+b )
