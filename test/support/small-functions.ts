/**
 * Lambda functions of a few lines, made and called over the API: the probes of the local cloud's
 * behaviour.
 */
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  CreateFunctionCommand,
  InvokeCommand,
  type LambdaClient,
} from "@aws-sdk/client-lambda";
import { eventually } from "./eventually.ts";
import { zip } from "./zip.ts";

export type SmallFunction = {
  readonly name: string;
  /** The text of a CommonJS module that exports `handler`. */
  readonly code: string;
  readonly environment?: Readonly<Record<string, string>>;
};

export type Invoked = {
  /** The handler's answer, or Lambda's description of its error. */
  readonly answer: unknown;
  readonly failed: boolean;
  /** The end of the invocation's log. */
  readonly log: string;
};

const timeoutSeconds = 20;

/** Resolves to the function's ARN. */
export async function createFunction(lambda: LambdaClient, wanted: SmallFunction): Promise<string> {
  const made = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: wanted.name,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/probe",
      Code: { ZipFile: zip({ "index.js": wanted.code }) },
      Timeout: timeoutSeconds,
      Environment: { Variables: { ...wanted.environment } },
    }),
  );
  return present(made.FunctionArn, "FunctionArn");
}

export async function invoke(
  lambda: LambdaClient,
  name: string,
  event: unknown = {},
): Promise<Invoked> {
  const result = await lambda.send(
    new InvokeCommand({
      FunctionName: name,
      Payload: JSON.stringify(event),
      LogType: "Tail",
    }),
  );
  const text = Buffer.from(result.Payload ?? []).toString("utf8");
  const answer: unknown = text === "" ? undefined : JSON.parse(text);
  return {
    answer,
    failed: result.FunctionError !== undefined,
    log: Buffer.from(result.LogResult ?? "", "base64").toString("utf8"),
  };
}

export async function createMapping(
  lambda: LambdaClient,
  mapping: CreateEventSourceMappingCommandInput,
): Promise<void> {
  await eventually(() => lambda.send(new CreateEventSourceMappingCommand(mapping)));
}

export function present<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`The local cloud answered without ${name}.`);
  return value;
}
