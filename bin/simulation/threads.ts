/**
 * The threads that run schedules: one for each core, each with one assignment at a time. A schedule
 * that never ends is found out and named.
 */
import { Worker } from "node:worker_threads";
import { turnstile } from "#replay/concurrency";
import type { Batch } from "#simulation/batch";
import type { Minimised } from "#simulation/minimise";
import type { Schedule } from "#simulation/scenario";
import type { Totals } from "#simulation/totals";
import type { Answer, Assignment, ThreadData } from "./thread-messages.ts";

/** The work waits its turn; a failure of a thread fails what it was given. */
export type Threads = {
  readonly count: number;
  runBatch(scenario: string, batch: Batch): Promise<Totals>;
  minimise(scenario: string, schedule: Schedule): Promise<Minimised>;
  close(): Promise<void>;
};

export type ThreadsOptions = {
  readonly catalogueUrl: URL;
  readonly count: number;
  /** Without a new schedule for so long, a thread is taken to hang. */
  readonly silenceMsMax?: number;
};

const SILENCE_MS_MAX = 120_000;

export function openThreads({ catalogueUrl, count, silenceMsMax }: ThreadsOptions): Threads {
  const idle = Array.from({ length: count }, () => {
    return new Thread(catalogueUrl, silenceMsMax ?? SILENCE_MS_MAX);
  });
  const all = [...idle];
  const pass = turnstile(count);
  const run = (assignment: Assignment): Promise<unknown> =>
    pass(async () => {
      const thread = idle.pop();
      if (thread === undefined) throw new Error("more work was let in than there are threads");
      try {
        return await thread.run(assignment);
      } finally {
        idle.push(thread);
      }
    });
  return {
    count,
    runBatch: async (scenario, batch) => (await run({ kind: "batch", scenario, batch })) as Totals,
    minimise: async (scenario, schedule) =>
      (await run({ kind: "minimise", scenario, schedule })) as Minimised,
    async close() {
      await Promise.all(all.map((thread) => thread.close()));
    },
  };
}

class Thread {
  readonly #worker: Worker;
  readonly #pulse = new Uint32Array(new SharedArrayBuffer(8));
  readonly #silenceMsMax: number;
  #scenario = "";
  #failure: Error | undefined;
  #settle: ((answer: Answer | Error) => void) | undefined;

  constructor(catalogueUrl: URL, silenceMsMax: number) {
    this.#silenceMsMax = silenceMsMax;
    const workerData: ThreadData = { catalogueUrl: catalogueUrl.href, pulse: this.#pulse };
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData });
    this.#worker.on("message", (answer: Answer) => this.#settle?.(answer));
    this.#worker.on("error", (error) => this.#fail(this.#withSeed(error)));
    this.#worker.on("exit", () => this.#fail(new Error("a thread ended before its work")));
  }

  async run(assignment: Assignment): Promise<unknown> {
    this.#scenario = assignment.scenario;
    const answer = await new Promise<Answer | Error>((resolve) => {
      if (this.#failure !== undefined) {
        resolve(this.#failure);
        return;
      }
      const watch = this.#watch(assignment.scenario);
      this.#settle = (result) => {
        clearInterval(watch);
        this.#settle = undefined;
        resolve(result);
      };
      this.#worker.postMessage(assignment);
    });
    if (answer instanceof Error) throw answer;
    if (!answer.isRight) throw new Error(answer.reason);
    return answer.result;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #watch(scenario: string): NodeJS.Timeout {
    let begun = -1;
    return setInterval(() => {
      const [seed = 0, count = 0] = this.#pulse;
      if (count === begun) {
        const seconds = this.#silenceMsMax / 1000;
        this.#fail(new Error(`seed ${seed} of ${scenario} runs for more than ${seconds} s: ended`));
        void this.#worker.terminate();
      }
      begun = count;
    }, this.#silenceMsMax);
  }

  /** Of what nobody caught, the schedule that it comes from is all that can be said. */
  #withSeed(error: unknown): Error {
    const reason = error instanceof Error ? error.message : String(error);
    const [seed = 0, count = 0] = this.#pulse;
    const where = count === 0 ? "a thread" : `the schedule of seed ${seed} of ${this.#scenario}`;
    return new Error(`${where} threw, and nobody caught it: ${reason}`, { cause: error });
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    this.#settle?.(this.#failure);
  }
}
