/**
 * `--target` of the operator's commands: which stage of an AWS account they work on, where they do
 * not work on an endpoint or on the running main job.
 */
import { UsageError } from "./start-options.ts";

export type AccountStage = "dev" | "prod";

const STAGES: Readonly<Record<string, AccountStage>> = { aws: "dev", "aws:prod": "prod" };

/** @param column where the texts of a command's other options begin. */
export const targetUsage = (column: number): string => {
  const lines = [
    "the AWS account of your credentials, stage dev (aws:prod: stage prod),",
    "instead of AWS_ENDPOINT_URL or the running npm start",
  ];
  const [option, indent] = ["  --target aws".padEnd(column), " ".repeat(column)];
  return `${option}${lines.join(`\n${indent}`)}`;
};

/** Undefined: no account. Throws `UsageError`. */
export function accountStage(text: string | undefined): AccountStage | undefined {
  if (text === undefined) return undefined;
  if (Object.hasOwn(STAGES, text)) return STAGES[text];
  throw new UsageError(`--target must be aws, aws:prod or be left out, got "${text}".`);
}
