import { RunError } from "@pgl/runtime";

/** A call of a host function that has not returned. */
export interface PendingCall {
  readonly name: string;
  /** Milliseconds of `performance.now()` at which it began. */
  readonly since: number;
}

/** Told of every synchronous call before it begins and after it ends: how a supervisor can name a call that hangs. */
export interface HostCallWatcher {
  enter(name: string): void;
  leave(): void;
}

const pending = new Set<PendingCall>();
let watcher: HostCallWatcher | null = null;

/** Asynchronous host calls that have not answered, the oldest first. */
export function pendingHostCalls(): readonly PendingCall[] {
  return [...pending].sort((a, b) => a.since - b.since);
}

/** One watcher a process; `null` removes it. */
export function watchHostCalls(next: HostCallWatcher | null): void {
  watcher = next;
}

/** Says what is wrong with a value a host function returned, or undefined when nothing is. */
export type ResultCheck = (result: unknown) => string | undefined;

/** A host function that fails by its PGL name, is known of while it runs, and is held to its declared result. */
export function watched(
  fn: (...args: unknown[]) => unknown,
  name: string,
  check: ResultCheck = () => undefined,
): (...args: unknown[]) => unknown {
  const checked = (result: unknown): unknown => {
    const wrong = check(result);
    if (wrong === undefined) return result;
    throw new RunError("PGLR002", `The host function \`${name}\` returned what its type does not allow: ${wrong}.`, {
      hint: "Types of host functions are taken from their declarations; mend the function or its declared result.",
    });
  };
  const host = (...args: unknown[]): unknown => {
    watcher?.enter(name);
    let result: unknown;
    try {
      result = fn(...args);
    } catch (cause) {
      throw failed(name, cause);
    } finally {
      watcher?.leave();
    }
    if (!isPromise(result)) return checked(result);
    const call: PendingCall = { name, since: performance.now() };
    pending.add(call);
    return result.then(
      (value) => {
        pending.delete(call);
        return checked(value);
      },
      (cause: unknown) => {
        pending.delete(call);
        throw failed(name, cause);
      },
    );
  };
  return Object.defineProperty(host, "name", { value: name });
}

function failed(name: string, cause: unknown): RunError {
  if (cause instanceof RunError && cause.code === "PGLR002") return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new RunError("PGLR002", `The host function \`${name}\` failed: ${message}`, {
    cause,
    hint: placeInHost(cause),
  });
}

/** The topmost place of an error's stack that is not inside Node. */
function placeInHost(cause: unknown): string | undefined {
  const stack = cause instanceof Error ? cause.stack : undefined;
  const line = stack?.split("\n").find((l) => /^\s+at /.test(l) && !l.includes("node:") && !l.includes("node_modules"));
  return line === undefined ? undefined : `It was thrown ${line.trim()}.`;
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
