/** What a path ends with, of whichever system it is. */
export const baseName = (path: string): string => /[^/\\]*$/.exec(path)![0];
