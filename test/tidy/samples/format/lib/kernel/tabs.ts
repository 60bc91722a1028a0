/** Caught by format. */
export function total(): number {
	return 1;
}
