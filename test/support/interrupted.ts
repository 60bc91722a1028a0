/**
 * Ports whose calls are cut off: what a killed function, a lost answer or a paused process looks
 * like from inside.
 */

/** What a cut-off call throws: nothing in the code under test knows it. */
export class Killed extends Error {
  override readonly name = "Killed";
}

export type Cut = {
  /** Of all calls through ports with this cut, counted from 1. */
  readonly atCall: number;
  /** Whether the call takes effect before its answer is lost. */
  readonly effect: "none" | "taken";
};

type AsyncMethod = (...parameters: readonly unknown[]) => Promise<unknown>;

/** Wraps the ports of one run; their calls are counted together. */
export function cutOff(cut: Cut): { wrap<Port extends object>(port: Port): Port } {
  let calls = 0;
  return {
    wrap: (port) =>
      aroundCalls(port, async (call) => {
        calls += 1;
        if (calls !== cut.atCall) return await call();
        if (cut.effect === "taken") await call();
        throw new Killed(`cut off at call ${calls}`);
      }),
  };
}

/** The same port with `around` between the caller and each of its methods. */
export function aroundCalls<Port extends object>(
  port: Port,
  around: (call: () => Promise<unknown>, method: string) => Promise<unknown>,
): Port {
  return new Proxy(port, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== "function") return member;
      const method = member.bind(target) as AsyncMethod;
      return (...parameters: readonly unknown[]) =>
        around(() => method(...parameters), String(name));
    },
  });
}
