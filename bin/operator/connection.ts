/**
 * How the operator's AWS clients reach a target: an endpoint with what its environment says, or AWS
 * as every client of AWS does.
 */
import type { Target } from "./target.ts";

export function connection({ environment }: Target) {
  const endpoint = environment["AWS_ENDPOINT_URL"] ?? "";
  const region = environment["AWS_REGION"] ?? "us-east-1";
  if (endpoint === "") return { region };
  return {
    region,
    endpoint,
    credentials: {
      accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    },
  };
}
