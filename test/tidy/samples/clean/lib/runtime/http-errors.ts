/** The one place that knows statuses. */
export const problem = { status: 404 };
