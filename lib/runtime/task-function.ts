/**
 * The entry point of a task of a workflow and of what an operator invokes: JSON in, JSON out, and
 * an error whose name the workflow can catch.
 */
import type { Context } from "aws-lambda";
import type { ServiceName } from "#contracts/metrics";
import type { EpochMs } from "#kernel/units";
import type { z } from "zod";
import { surroundingsOf, type Surroundings } from "./surroundings.ts";
import { taskError } from "./task-error.ts";
import type { Log } from "./log.ts";
import { xrayTracing, type Annotations, type Tracing } from "./tracing.ts";
import { validated } from "./validation.ts";

export type TaskSurroundings = {
  readonly now: EpochMs;
  readonly requestId: string;
  readonly log: Log;
  /** Milliseconds until Lambda stops the function. */
  readonly remainingMs: () => number;
};

export type TaskFunction<Input, Output> = {
  readonly service: ServiceName;
  readonly schema: z.ZodType<Input>;
  readonly handle: (input: Input, surroundings: TaskSurroundings) => Promise<Output>;
};

export type TaskHandler<Output> = (event: unknown, context: Context) => Promise<Output>;

export function taskFunction<Input, Output>(
  { service, schema, handle }: TaskFunction<Input, Output>,
  { clock, telemetry }: Pick<Surroundings, "clock" | "telemetry"> = surroundingsOf(service),
  tracing: Tracing = xrayTracing(service),
): TaskHandler<Output> {
  return async (event, context) => {
    const requestId = context.awsRequestId;
    const annotations = annotationsOf(event);
    telemetry.correlate({ requestId, ...annotations });
    try {
      const input = validated(schema, event, "The task's input");
      const surroundings = {
        now: clock.now(),
        requestId,
        log: telemetry.logger,
        remainingMs: () => context.getRemainingTimeInMillis(),
      };
      return await tracing.around("## task", annotations, () => handle(input, surroundings));
    } catch (error) {
      const named = taskError(error);
      telemetry.logger.warn(`The task ended with ${named.name}.`, { error });
      throw named;
    } finally {
      telemetry.flush();
    }
  };
}

function annotationsOf(event: unknown): Annotations {
  if (typeof event !== "object" || event === null) return {};
  const found = Object.entries(event).filter(
    (entry): entry is [string, string] =>
      (entry[0] === "step" || entry[0] === "orderId") && typeof entry[1] === "string",
  );
  return Object.fromEntries(found);
}
