/** The one place that reads the environment. */
export const region = process.env["AWS_REGION"];
