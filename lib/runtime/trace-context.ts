/**
 * Takes the place of `cls-hooked` under the X-Ray SDK (`lib/infra/bundle.ts`): the same contexts,
 * kept by Node's own `AsyncLocalStorage`. cls-hooked hooks into every promise of the process, which
 * is a third of what a traced invocation costs.
 */
import { AsyncLocalStorage } from "node:async_hooks";

type Context = Record<string, unknown>;

/** The part of a cls-hooked namespace that the X-Ray SDK uses. */
export type TraceNamespace = {
  readonly get: (key: string) => unknown;
  /** Errors: when nothing was entered and nothing runs in the namespace. */
  readonly set: <Value>(key: string, value: Value) => Value;
  /** A context that sees what the present one holds, and changes nothing in it. */
  readonly createContext: () => Context;
  /** For all that runs outside of `run`, from now on. */
  readonly enter: (context: Context) => void;
  /** In a context of its own, which everything begun inside keeps. */
  readonly run: (work: (context: Context) => void) => Context;
  readonly bind: <Args extends readonly unknown[], Result>(
    work: (...args: Args) => Result,
  ) => (...args: Args) => Result;
};

const namespaces = new Map<string, TraceNamespace>();

export const getNamespace = (name: string): TraceNamespace | undefined => namespaces.get(name);

export function createNamespace(name: string): TraceNamespace {
  const storage = new AsyncLocalStorage<Context>();
  let entered: Context | undefined;
  const active = (): Context | undefined => storage.getStore() ?? entered;
  const createContext = (): Context => Object.create(active() ?? null) as Context;
  const namespace: TraceNamespace = {
    get: (key) => active()?.[key],
    set(key, value) {
      const context = active();
      if (context === undefined) throw new Error(`${name}: no context to set ${key} in.`);
      context[key] = value;
      return value;
    },
    createContext,
    enter(context) {
      entered = context;
    },
    run(work) {
      const context = createContext();
      storage.run(context, work, context);
      return context;
    },
    bind(work) {
      const context = active() ?? createContext();
      return (...args) => storage.run(context, work, ...args);
    },
  };
  namespaces.set(name, namespace);
  return namespace;
}

export function destroyNamespace(name: string): void {
  namespaces.delete(name);
}
