/**
 * Where an operator's command works: an endpoint that was named, or a real account that was asked
 * for in so many words. Never a real account because a variable was forgotten.
 */

export type Target = {
  /**
   * What the target's clients export. For an endpoint it holds `AWS_ENDPOINT_URL` and credentials.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** `aws` allows a real account; the environment then names no endpoint. */
  readonly target?: "aws";
};

/**
 * The environment for a child process that may reach this target and nothing else: of the machine's
 * own AWS settings nothing passes to an endpoint.
 *
 * @throws Error unless exactly one of the two is given
 */
export function targetEnvironment(
  { environment, target }: Target,
  own: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const ownEndpoint = target === "aws" ? own["AWS_ENDPOINT_URL"] : undefined;
  const endpoint = environment["AWS_ENDPOINT_URL"] ?? ownEndpoint ?? "";
  if (endpoint === "" && target !== "aws") {
    throw new Error(
      "No endpoint is given, and a real AWS account is used only when it is asked for: " +
        "start the local cloud, set AWS_ENDPOINT_URL, or pass --target aws.",
    );
  }
  if (endpoint !== "" && target === "aws") {
    throw new Error(
      `--target aws and the endpoint ${endpoint} exclude each other: unset AWS_ENDPOINT_URL or ` +
        "leave --target out.",
    );
  }
  const kept = Object.entries(own).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (target === "aws" || !entry[0].startsWith("AWS_")),
  );
  return { ...Object.fromEntries(kept), ...environment };
}
