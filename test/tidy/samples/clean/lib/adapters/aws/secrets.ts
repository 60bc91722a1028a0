/** The name of the service is its own. */
export const secretsManager = { name: "AWS Secrets Manager" };
