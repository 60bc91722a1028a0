/** Caught by messaging-packages. */
export type { SQSRecord } from "aws-lambda";
