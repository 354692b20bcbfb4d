import { join } from "node:path";

/** The environment variables of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * A folder for what is kept between runs: of `$PGL_CACHE`, or of `pgl` in the user's folder of caches (`$XDG_CACHE_HOME`,
 * `~/.cache`); null with `PGL_CACHE=off`, or when there is no such folder.
 */
export function cacheFolder(environment: Variables, name: string): string | null {
  const own = environment["PGL_CACHE"];
  if (own === "off") return null;
  if (own !== undefined && own !== "") return join(own, name);
  // The XDG specification has relative paths ignored.
  const xdg = environment["XDG_CACHE_HOME"];
  if (xdg?.startsWith("/") === true) return join(xdg, "pgl", name);
  const home = environment["HOME"] ?? environment["USERPROFILE"];
  return home === undefined || home === "" ? null : join(home, ".cache", "pgl", name);
}
