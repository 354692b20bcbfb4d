/** A place in a cell's output that can be written again. */
export interface CellOutput {
  html(markup: string): void;
}

interface Tslab {
  readonly display: CellOutput;
  newDisplay(): CellOutput;
}

/**
 * The tslab that runs this process, or null outside of a notebook. It is asked for where the kernel keeps it for its
 * cells: an import would find the tslab of this project, which need not be the one that is running.
 */
function tslab(): Tslab | null {
  const kernel = (globalThis as { __tslab__?: { require?: unknown } })["__tslab__"];
  if (typeof kernel?.require !== "function") return null;
  return (kernel.require as (name: string) => Tslab)("tslab");
}

export const inNotebook = (): boolean => tslab() !== null;

/** Shows HTML in the running cell. False outside of a notebook. */
export function showHtml(markup: string): boolean {
  const kernel = tslab();
  kernel?.display.html(markup);
  return kernel !== null;
}

/** A place of its own in the running cell's output, or null outside of a notebook. */
export const newOutput = (): CellOutput | null => tslab()?.newDisplay() ?? null;

/**
 * Keeps the line break that `console.log` is about to write for a value it showed as nothing. tslab shows a cell's value
 * by logging it, and an empty line below a table looks like a mistake.
 */
export function dropNextLineBreak(): void {
  const { stdout } = process;
  const write = stdout.write;
  const once = ((...args: Parameters<typeof write>): boolean => {
    stdout.write = write;
    return args[0] === "\n" ? true : write.apply(stdout, args);
  }) as typeof write;
  stdout.write = once;
  // The log follows within this turn; what comes later is someone else's.
  queueMicrotask(() => {
    if (stdout.write === once) stdout.write = write;
  });
}
