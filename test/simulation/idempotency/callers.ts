/**
 * Whoever asks a sandbox for something, and asks again until there is an answer that ends it.
 */
import type { Rng } from "#kernel/rng";
import type { InvocationEnd, LambdaHost } from "#simulation/lambda-host";
import type { Scheduler } from "#simulation/scheduler";

export type CallersOptions<Call, Answer> = {
  readonly scheduler: Pick<Scheduler, "at" | "after">;
  readonly rng: Rng;
  readonly host: LambdaHost<Call, Answer>;
  readonly isFinal: (answer: Answer) => boolean;
  readonly onEnd: (call: Call, end: InvocationEnd<Answer>) => void;
};

export type Callers<Call> = {
  askAt(time: number, call: Call): void;
  /** Of them, those that have no final answer. */
  readonly waiting: () => number;
};

const AGAIN_MS_MIN = 500;
const AGAIN_MS_MORE = 4_000;

export function callers<Call, Answer>(options: CallersOptions<Call, Answer>): Callers<Call> {
  const { scheduler, rng, host, isFinal, onEnd } = options;
  let waiting = 0;

  const ask = (call: Call): void =>
    host.invoke(call, (end) => {
      onEnd(call, end);
      if (end.kind === "answered" && isFinal(end.answer)) waiting -= 1;
      else scheduler.after(AGAIN_MS_MIN + rng.int(AGAIN_MS_MORE), () => ask(call));
    });

  return {
    askAt(time, call) {
      waiting += 1;
      scheduler.at(time, () => ask(call));
    },
    waiting: () => waiting,
  };
}
