/**
 * `npm run saga`: what an operator does about sagas that stand still, against whatever system is
 * up.
 */
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type SagaList, sagaList, type SagaView, sagaView } from "#contracts/http/sagas";
import type { SagaRequest } from "#contracts/operator";
import { attach } from "./operator/attach.ts";
import { connection } from "./operator/connection.ts";
import { SAGA_USAGE, sagaOptions } from "./operator/saga-options.ts";
import { UsageError } from "./operator/start-options.ts";

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const { account, request } = sagaOptions(args);
    if (request === undefined) {
      console.log(SAGA_USAGE);
      return EXIT.done;
    }
    const { target, name, outputs } = await attach(account, process.env);
    console.error(`The sagas of ${name}.`);
    const client = new LambdaClient({ ...connection(target), maxAttempts: 5 });
    const answer = await invoked(client, outputs.SagasFunction, request);
    if (request.action === "list") console.log(listed(sagaList.parse(answer)));
    else console.log(shown(sagaView.parse(answer)));
    return EXIT.done;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

async function invoked(
  client: LambdaClient,
  FunctionName: string,
  request: SagaRequest,
): Promise<unknown> {
  const Payload = Buffer.from(JSON.stringify(request));
  const answer = await client.send(new InvokeCommand({ FunctionName, Payload }));
  const text = Buffer.from(answer.Payload ?? []).toString("utf8");
  const parsed: unknown = JSON.parse(text);
  if (answer.FunctionError === undefined) return parsed;
  throw new Error(messageOf(parsed) ?? text);
}

function messageOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && "errorMessage" in error
    ? String(error.errorMessage)
    : undefined;
}

function listed({ sagas }: SagaList): string {
  if (sagas.length === 0) return "Nothing stands still.";
  return sagas.map(({ orderId, since }) => `${orderId}  since ${since}`).join("\n");
}

function shown({ orderId, status, run, underWay, attention, review, ...view }: SagaView): string {
  const needs = attention.map(({ refundId, run: of, kind, cause }) => {
    const what = refundId === undefined ? "saga" : `refund ${refundId}`;
    return `${kind.padEnd(11)}${what}, run ${of}: ${cause}`;
  });
  return [
    `order      ${orderId}`,
    `status     ${status}${view.cancelRequested ? ", to be cancelled" : ""}`,
    `run        ${run}`,
    `under way  ${underWay.length === 0 ? "nothing" : underWay.join(", ")}`,
    ...(review === undefined ? [] : [`review     ${review.decision ?? "pending"}`]),
    ...needs,
  ].join("\n");
}
