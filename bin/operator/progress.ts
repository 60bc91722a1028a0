/**
 * What goes on and how far it is: a bar on a terminal, a line every few seconds elsewhere. It also
 * takes the time of each phase, for the report.
 */

export type Phases = {
  /** Ends the phase before it. The answer hears how much of it is done, from 0 to 1. */
  begin(name: string): (fraction: number, label?: string) => void;
  /** Ends the last phase. */
  end(): void;
  /** All that have ended, in their order. */
  readonly ended: readonly { readonly name: string; readonly seconds: number }[];
};

export type Output = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
};

const BAR_CELLS = 30;
const DRAW_EVERY_MS = 100;
const LINE_EVERY_MS = 5_000;
/** A phase that took less is not worth a line. */
const WORTH_A_LINE_SECONDS = 0.1;
const COLUMNS = 80;

type Running = {
  readonly name: string;
  readonly startedAt: number;
  fraction: number | undefined;
  label: string;
};

/** @param now milliseconds that only ever grow */
export function phasesOn(output: Output, now: () => number): Phases {
  const ended: { name: string; seconds: number }[] = [];
  let running: Running | undefined;
  const isTerminal = output.isTTY === true;

  const secondsOf = ({ startedAt }: Running): number => (now() - startedAt) / 1000;
  const draw = (): void => {
    if (running === undefined) return;
    const line = lineOf(running, secondsOf(running));
    const columns = (output.columns ?? COLUMNS) - 1;
    output.write(isTerminal ? `\r\x1b[K${line.slice(0, columns)}` : `${line}\n`);
  };
  // It must not keep the process alive.
  const timer = setInterval(draw, isTerminal ? DRAW_EVERY_MS : LINE_EVERY_MS).unref();

  const endRunning = (): void => {
    if (running === undefined) return;
    const seconds = secondsOf(running);
    ended.push({ name: running.name, seconds: Math.round(seconds * 1000) / 1000 });
    if (isTerminal) output.write("\r\x1b[K");
    if (seconds >= WORTH_A_LINE_SECONDS) {
      output.write(`${running.name}: done in ${seconds.toFixed(1)} s\n`);
    }
    running = undefined;
  };

  return {
    begin(name) {
      endRunning();
      const phase: Running = { name, startedAt: now(), fraction: undefined, label: "" };
      running = phase;
      if (isTerminal) draw();
      return (fraction, label = "") => {
        phase.fraction = Math.min(1, Math.max(0, fraction));
        phase.label = label;
      };
    },
    end() {
      clearInterval(timer);
      endRunning();
    },
    ended,
  };
}

function lineOf({ name, fraction, label }: Running, seconds: number): string {
  const elapsed = `${seconds.toFixed(0)} s`;
  if (fraction === undefined) return `${name} ... ${elapsed} ${label}`.trimEnd();
  const filled = Math.round(fraction * BAR_CELLS);
  const bar = "#".repeat(filled) + "-".repeat(BAR_CELLS - filled);
  return `${name} [${bar}] ${(fraction * 100).toFixed(0)} %, ${elapsed} ${label}`.trimEnd();
}
