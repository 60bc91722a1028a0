/**
 * What AWS charges, in US dollars, in one region on one day, without free tiers. Change a number
 * together with its date and its source.
 */

export type Price = {
  readonly usd: number;
  /** So many of them cost `usd`. */
  readonly per: number;
  readonly what: string;
  /** The page of AWS, and where its number was read. */
  readonly source: string;
};

const MILLION = 1_000_000;

export const PRICES_READ = "2026-11-21";
export const REGION = "us-east-1";

export const PRICES = {
  writeUnit: {
    usd: 0.625,
    per: MILLION,
    what: "DynamoDB write request units, on demand",
    source:
      "Amazon DynamoDB pricing, on-demand capacity since November 2024; " +
      "airbyte.com/data-engineering-resources/dynamodb-pricing (July 2025)",
  },
  readUnit: {
    usd: 0.125,
    per: MILLION,
    what: "DynamoDB read request units, on demand",
    source:
      "Amazon DynamoDB pricing, on-demand capacity since November 2024; " +
      "airbyte.com/data-engineering-resources/dynamodb-pricing (July 2025)",
  },
  queueRequest: {
    usd: 0.5,
    per: MILLION,
    what: "SQS FIFO requests, each up to 64 KB",
    source: "Amazon SQS pricing; cloudburn.io/blog/amazon-sqs-pricing (March 2026)",
  },
  invocation: {
    usd: 0.2,
    per: MILLION,
    what: "Lambda requests",
    source: "AWS Lambda pricing; How AWS Pricing Works, chapter Lambda (docs.aws.amazon.com)",
  },
  gigabyteSecond: {
    usd: 0.0000166667,
    per: 1,
    what: "Lambda GB-seconds, x86",
    source: "AWS Lambda pricing; cloudchipr.com/blog/aws-lambda-pricing (2024)",
  },
  apiRequest: {
    usd: 3.5,
    per: MILLION,
    what: "API Gateway REST API requests, the first 333 million of a month",
    source:
      "Amazon API Gateway pricing; Best Practices for Designing Amazon API Gateway Private APIs " +
      "and Private Integration, cost optimization (docs.aws.amazon.com)",
  },
  transition: {
    usd: 25,
    per: MILLION,
    what: "Step Functions Standard state transitions",
    source:
      "AWS Step Functions pricing; blog.easecloud.io/cost-optimization/" +
      "step-functions-and-eventbridge-cost-optimization (2026)",
  },
  busEvent: {
    usd: 1,
    per: MILLION,
    what: "EventBridge custom events, each up to 64 KB",
    source: "Amazon EventBridge pricing, custom events (aws.amazon.com/eventbridge/pricing)",
  },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof PRICES;
