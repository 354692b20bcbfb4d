/** Markup: text in which everything that is not a tag is escaped already. */
export class Markup {
  constructor(private readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What stands inside an element. Strings and numbers are escaped; nothing is written for the empty ones. */
export type Child = Markup | string | number | false | null | undefined | readonly Child[];

export type Attributes = Readonly<Record<string, string | number | false | null | undefined>>;

/** Elements of HTML that have no end tag. Everything else is written so that XML parsers read it too. */
const VOID = new Set(["br", "hr", "img", "input", "meta"]);

/**
 * An element of HTML or SVG. Text and attribute values are escaped here and nowhere else, so no caller can forget it.
 *
 * @throws RangeError when an attribute is a number that a picture cannot show (NaN, ±Infinity).
 */
export function element(name: string, attributes: Attributes = {}, ...children: readonly Child[]): Markup {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined || value === null || value === false ? [] : [` ${key}="${attribute(key, value)}"`],
  );
  const start = `<${name}${written.join("")}`;
  return new Markup(VOID.has(name) ? `${start}/>` : `${start}>${inner(children)}</${name}>`);
}

export const fragment = (...children: readonly Child[]): Markup => new Markup(inner(children));

/** Text with the characters that markup gives a meaning to escaped, and those that XML cannot hold replaced. */
export function escapeText(text: string): string {
  return text
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
    .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

function inner(children: readonly Child[]): string {
  return children
    .map((child): string => {
      if (child === undefined || child === null || child === false) return "";
      if (child instanceof Markup) return child.toString();
      if (typeof child === "string") return escapeText(child);
      return typeof child === "number" ? String(child) : inner(child);
    })
    .join("");
}

function attribute(key: string, value: string | number): string {
  if (typeof value === "string") return escapeText(value);
  if (!Number.isFinite(value)) throw new RangeError(`The attribute ${key} cannot be ${value}.`);
  return String(Math.round(value * 100) / 100);
}
