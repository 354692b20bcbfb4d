import { site, type Site } from "@pgl/runtime";

const parts = new WeakMap<Site, Site>();

/** The site of the draws a larger draw is made of: same place and name, but not in the trace, where the whole is. */
export function partSite(whole: Site): Site {
  let part = parts.get(whole);
  if (part === undefined) parts.set(whole, (part = site({ ...whole, kind: "token" })));
  return part;
}
