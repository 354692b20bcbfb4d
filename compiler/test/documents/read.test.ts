import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile.js";
import { memoryFiles } from "../../src/hosts/source-host.js";
import { checkText, messages } from "../support.js";

const program = (constraint: string): string => `model m(s: string): string {
  observe s matches ${constraint}
  return s
}
`;

const emitted = async (constraint: string, more: Readonly<Record<string, string>> = {}): Promise<string> => {
  const { modules } = await compile(memoryFiles({ "/main.pgl": program(constraint), ...more }), "/main.pgl");
  return modules[0]!.javascript;
};

describe("schemas and grammars of a program", () => {
  it("are read from files beside it", async () => {
    const files = { "/schema.json": '{ "type": "integer" }', "/numbers.lark": 'start: "1"+' };
    expect(await emitted('json("schema.json")', files)).toContain('constraint.json("{ \\"type\\": \\"integer\\" }")');
    expect(await emitted('grammar("./numbers.lark")', files)).toContain('constraint.grammar("start: \\"1\\"+")');
  });

  it("are written in it, with the option they have", async () => {
    expect(await emitted('json({ const: [1, -2.5, none, "a"] }, style: "spaced")')).toMatch(
      /constraint\.json\("\{\\"const\\":\[1,-2\.5,null,\\"a\\"\]\}", ?\{ ?style: "spaced" ?\}\)/,
    );
    expect(await emitted('grammar("x: \\"a\\"", start: "x")')).toMatch(/\{ ?start: "x" ?\}/);
  });

  it("may be named by constants, which may use others", async () => {
    const text = `const name = { type: "string" }
const person = { type: "object", properties: { name: name }, required: ["name"] }
${program('json({ type: "array", items: person })')}`;
    const { program: checked, module } = await checkText(text);
    expect(messages(checked)).toEqual([]);
    expect([...module.documents.values()].map((d) => d.text)).toEqual([
      '{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}}',
    ]);
  });

  it("are pointed at where they are wrong", async () => {
    const text = program('json({ properties: { a: { type: "array", items: { minLength: -1 } } } })');
    const { program: checked } = await checkText(text);
    const [error] = checked.diagnostics;
    expect([error!.code, text.slice(error!.span.start, error!.span.end)]).toEqual(["PGL4024", "-1"]);
    const wrongFile = await checkText(program('json("schema.json")'), { "/schema.json": '{ "type": "float" }' });
    expect(messages(wrongFile.program)).toEqual([expect.stringContaining("PGL4024 JSON schema, at `/type`")]);
  });

  it("must be known when compiling", async () => {
    const { program: checked } = await checkText(program("json({ const: s })"));
    expect(messages(checked)).toEqual(["PGL4023 The schema must be known when compiling, and this is not."]);
  });
});
