/**
 * How an AWS client of a test reaches the local cloud and nothing else.
 */
import { inject } from "vitest";

export const localConnection = () => ({
  endpoint: inject("localCloud").endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});
