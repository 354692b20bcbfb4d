/** A string as a JavaScript literal on one line, safe to stand among marks. */
export function stringLiteral(value: string): string {
  return escapeSpecial(JSON.stringify(value));
}

/** The text between the `${}` of a template literal. */
export function templateText(value: string): string {
  const escaped = JSON.stringify(value)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("`", "\\`")
    .replaceAll("${", "\\${");
  return escapeSpecial(escaped);
}

/** Private-use characters would read as marks, line separators break lines in some tools. */
const escapeSpecial = (text: string): string =>
  text.replace(/[\uE000-\uF8FF\u2028\u2029\uFEFF]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

export function numberLiteral(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (Object.is(value, -0)) return "-0";
  return value === Infinity ? "Infinity" : value === -Infinity ? "-Infinity" : String(value);
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** A record's field in an object literal. `__proto__` would set the prototype if it were not computed. */
export const propertyKey = (name: string): string =>
  name === "__proto__" ? '["__proto__"]' : IDENTIFIER.test(name) ? name : stringLiteral(name);

/** `.name` after an object. */
export const propertyAccess = (name: string): string =>
  IDENTIFIER.test(name) ? `.${name}` : `[${stringLiteral(name)}]`;
