import { statSync } from "node:fs";

/** What is read from files that many runs of a process name: read again when a file has changed. */
export class FileCache<T> {
  private readonly known = new Map<string, { readonly changed: number; readonly size: number; readonly content: T }>();

  constructor(private readonly read: (path: string) => T) {}

  /** The same object for the same file. @throws whatever reading throws. */
  get(path: string): T {
    const file = statSync(path, { throwIfNoEntry: false });
    const known = this.known.get(path);
    if (known !== undefined && known.changed === file?.mtimeMs && known.size === file.size) return known.content;
    const content = this.read(path);
    if (file !== undefined) this.known.set(path, { changed: file.mtimeMs, size: file.size, content });
    return content;
  }
}
