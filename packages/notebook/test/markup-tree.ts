/** What a strict parser of XML makes of markup; cells' HTML is written so that it is XML too. */
export interface Tree {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Tree | string)[];
}

const VOID = new Set(["br", "hr", "img", "input", "meta"]);
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

/** @throws Error where the markup is not well-formed: unbalanced tags, bare `<` or `&`, attributes twice or not quoted. */
export function parseMarkup(markup: string): Tree {
  const root: { name: string; attributes: Record<string, string>; children: (Tree | string)[] } = {
    name: "#root",
    attributes: {},
    children: [],
  };
  const open = [root];
  const pattern = /<\/([\w-]+)>|<([\w-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let at = 0;
  for (let match = pattern.exec(markup); match !== null; match = pattern.exec(markup)) {
    at = pattern.lastIndex;
    const [, end, start, attributes, closed, text] = match;
    const parent = open[open.length - 1]!;
    if (end !== undefined) {
      if (parent.name !== end) throw new Error(`</${end}> closes <${parent.name}>`);
      open.pop();
    } else if (start !== undefined) {
      const element = { name: start, attributes: attributesOf(attributes ?? ""), children: [] };
      parent.children.push(element);
      if (closed === "" && !VOID.has(start)) open.push(element);
    } else {
      parent.children.push(decode(text!));
    }
  }
  if (at !== markup.length) throw new Error(`not markup: ${markup.slice(at, at + 60)}`);
  if (open.length !== 1) throw new Error(`<${open[open.length - 1]!.name}> is not closed`);
  return root;
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/([\w:-]+)="([^"<]*)"/g)) {
    if (name! in found) throw new Error(`the attribute ${name} is there twice`);
    found[name!] = decode(value!);
  }
  return found;
}

function decode(text: string): string {
  if (/[\0-\x08\x0b\x0c\x0e-\x1f]|\p{Surrogate}/u.test(text)) throw new Error("a character that XML cannot hold");
  return text.replace(/&(?:#(\d+)|(\w+));|&/g, (all, code: string | undefined, name: string | undefined) => {
    const character = code !== undefined ? String.fromCodePoint(Number(code)) : ENTITIES[name ?? ""];
    if (character === undefined) throw new Error(`not an entity: ${all}`);
    return character;
  });
}

/** All elements of a name, in the order of the text. */
export function all(tree: Tree, name: string): Tree[] {
  return tree.children.flatMap((child) =>
    typeof child === "string" ? [] : [...(child.name === name ? [child] : []), ...all(child, name)],
  );
}

/** The element's text, without what only hovering or screen readers show. */
export function textOf(tree: Tree): string {
  return tree.children
    .map((child) =>
      typeof child === "string" ? child : ["title", "desc", "style"].includes(child.name) ? "" : textOf(child),
    )
    .join("");
}

export const withClass = (tree: Tree, name: string, kind: string): Tree[] =>
  all(tree, name).filter((element) => (element.attributes["class"] ?? "").split(" ").includes(kind));

/** Every number in the attributes that place things. */
export function coordinates(tree: Tree): number[] {
  const own = Object.entries(tree.attributes).flatMap(([name, value]) =>
    ["x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height", "points", "d"].includes(name)
      ? value.split(/[\s,]+/).map((part) => Number(part.replace(/^[a-zA-Z]+|[a-zA-Z].*$/g, "")))
      : [],
  );
  return [...own, ...tree.children.flatMap((child) => (typeof child === "string" ? [] : coordinates(child)))];
}
