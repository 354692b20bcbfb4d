import { Frame } from "@pgl/runtime";
import { Scope, StructureKind, VariableDeclarationKind } from "ts-morph";
import { describe, expect, it } from "vitest";
import * as prelude from "../../../packages/core/src/prelude.js";
import { FRAME_MEMBERS, PRELUDE_VALUES } from "../../src/emit/names.js";
import { constant, kinds, scopes } from "../../src/emit/structures.js";

describe("what emission takes for granted", () => {
  it("of ts-morph: the numbers behind its enumerations", () => {
    expect(kinds).toEqual({
      class: StructureKind.Class,
      export: StructureKind.ExportDeclaration,
      function: StructureKind.Function,
      import: StructureKind.ImportDeclaration,
      parameter: StructureKind.Parameter,
      property: StructureKind.Property,
      typeAlias: StructureKind.TypeAlias,
      variable: StructureKind.VariableStatement,
    });
    expect(scopes).toEqual({ private: Scope.Private, protected: Scope.Protected });
    expect(constant("x", "1").declarationKind).toBe(VariableDeclarationKind.Const);
  });

  it("of the runtime: what a frame has of its own", () => {
    class Empty extends Frame {
      step(): 0 {
        return 0;
      }
      protected copy(): Frame {
        return new Empty();
      }
    }
    const members = new Set([
      ...Object.getOwnPropertyNames(new Empty()),
      ...Object.getOwnPropertyNames(Frame.prototype),
      "step",
      "copy",
    ]);
    for (const member of members) expect(FRAME_MEMBERS).toContain(member);
  });

  it("of the prelude: its names", () => {
    expect(Object.keys(prelude).sort()).toEqual([...PRELUDE_VALUES].sort());
  });
});
