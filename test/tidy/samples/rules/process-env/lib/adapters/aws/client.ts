/** Reads the environment where a value should be passed. */
import { env } from "node:process"; // caught

export const region = process.env["AWS_REGION"]; // caught
export const endpoint = process.env.AWS_ENDPOINT_URL; // caught
export const { AWS_PROFILE } = process.env; // caught
export const profile = env["AWS_PROFILE"];
