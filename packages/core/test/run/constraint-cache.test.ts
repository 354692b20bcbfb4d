import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { constraint, type Constraint, TextConstraint } from "@pgl/constraints";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  constraintCache,
  constraintCacheFolder,
  constraintsFromEnvironment,
  useConstraintCache,
} from "../../src/index.js";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pgl-cache-"))));
afterEach(() => {
  useConstraintCache(null);
  rmSync(folder, { recursive: true, force: true });
});

let made = 0;
function slow(): Constraint {
  const compiled = constraint.regex("a+b").compiled();
  const compile = () => {
    const until = performance.now() + 55;
    while (performance.now() < until);
    return compiled;
  };
  return new TextConstraint("slow", () => true, compile, `slow ${folder} ${made++}`);
}

describe("the cache of constraints", () => {
  it("is where the environment says", () => {
    expect(constraintCacheFolder({ PGL_CACHE: "off", HOME: "/h" })).toBeNull();
    expect(constraintCacheFolder({})).toBeNull();
    expect(constraintCacheFolder({ PGL_CACHE: "/p", HOME: "/h" })).toMatch(/^\/p\/constraints-/);
    expect(constraintCacheFolder({ XDG_CACHE_HOME: "/x", HOME: "/h" })).toMatch(/^\/x\/pgl\/constraints-/);
    expect(constraintCacheFolder({ XDG_CACHE_HOME: "relative", HOME: "/h" })).toMatch(
      /^\/h\/\.cache\/pgl\/constraints-/,
    );
  });

  it("holds what takes long, in whole files", () => {
    const environment = { PGL_CACHE: folder };
    const some = [slow(), slow()];
    constraintsFromEnvironment(environment);
    expect(constraintCache(environment)).toMatchObject({ constraints: 0, bytes: 0, writable: true });
    for (const each of some) each.compiled();
    const { constraints, bytes, folder: own } = constraintCache(environment);
    expect([constraints, bytes > 256]).toEqual([2, true]);
    expect(readdirSync(own!).every((name) => /^[0-9a-f]{32}$/.test(name))).toBe(true);
  });

  it("is done without where it cannot be", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    useConstraintCache(file);
    expect(slow().compiled()).not.toBeNull();
    expect(readdirSync(folder)).toEqual(["file"]);
    const closed = mkdtempSync(join(folder, "closed-"));
    chmodSync(closed, 0o500);
    useConstraintCache(closed);
    expect(slow().compiled()).not.toBeNull();
    chmodSync(closed, 0o700);
  });
});
