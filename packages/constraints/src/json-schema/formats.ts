import { regexRecogniser } from "../regex/index.js";
import { numbers, compared, integers } from "./numbers.js";
import { type RegularSet, strings } from "./regular-set.js";

const TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";
const LEAP_YEAR = "[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00";
const DATE =
  "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|" +
  `02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:${LEAP_YEAR})-02-29)`;
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const SHORT_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
const IPV4 = `(?:${BYTE}\\.){3}${BYTE}`;
const IPV6 = ipv6();
const CHAR = "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";
const HOST_CHAR = "(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})";
const AUTHORITY = `(?:(?:${HOST_CHAR}|:)*@)?(?:\\[${IPV6}\\]|${HOST_CHAR}*)(?::[0-9]*)?`;
const URI =
  `[A-Za-z][A-Za-z0-9+.-]*:(?://${AUTHORITY}(?:/${CHAR}*)*|/(?:${CHAR}+(?:/${CHAR}*)*)?|${CHAR}+(?:/${CHAR}*)*)` +
  `(?:\\?(?:${CHAR}|[/?])*)?(?:#(?:${CHAR}|[/?])*)?`;
const POINTER = "(?:/(?:[^~/]|~[01])*)*";
const DURATION_TIME = "T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)";
const DURATION = `P(?:(?:[0-9]+D|[0-9]+M(?:[0-9]+D)?|[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?)(?:${DURATION_TIME})?|${DURATION_TIME}|[0-9]+W)`;

/** The expressions that `format` stands for; each is documented in docs/json-schema.md. */
export const formatExpressions: Readonly<Record<string, string>> = {
  date: DATE,
  time: TIME,
  "date-time": `${DATE}T${TIME}`,
  duration: DURATION,
  email: `${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+${LABEL}`,
  hostname: `${SHORT_LABEL}(?:\\.${SHORT_LABEL})*`,
  ipv4: IPV4,
  ipv6: IPV6,
  uuid: "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
  uri: URI,
  "json-pointer": POINTER,
  "relative-json-pointer": `(?:0|[1-9][0-9]*)(?:#|${POINTER})`,
  byte: "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
};

/** Formats that say how a value is meant and rule nothing out. */
export const freeFormats: ReadonlySet<string> = new Set(["password", "binary", "float", "double"]);

const made = new Map<string, RegularSet>();

/** The strings of a format; null when it is not known, or is one of numbers. */
export function stringFormat(name: string): RegularSet | null {
  const source = Object.hasOwn(formatExpressions, name) ? formatExpressions[name] : undefined;
  if (source === undefined) return null;
  let set = made.get(name);
  if (set === undefined) {
    made.set(name, (set = strings.accepted(regexRecogniser(source, "u"), true)));
  }
  return set;
}

/** The numbers of a format; null when it is not known, or is one of strings. */
export function numberFormat(name: string): RegularSet | null {
  switch (name) {
    case "int32":
      return numbers.and(integers, numbers.and(compared(">=", "-2147483648"), compared("<=", "2147483647")));
    case "int64":
      return numbers.and(
        integers,
        numbers.and(compared(">=", "-9223372036854775808"), compared("<=", "9223372036854775807")),
      );
    default:
      return null;
  }
}

/** RFC 4291: eight groups, or fewer with `::` once; the last two may be written as an IPv4 address. */
function ipv6(): string {
  const group = "[0-9A-Fa-f]{1,4}";
  const last = `(?:${group}:${group}|${IPV4})`;
  const forms = [`(?:${group}:){6}${last}`];
  for (let after = 5; after >= 0; after--) {
    // `::` stands for at least one group: at most 5 − after groups come before it.
    const before = 5 - after;
    const left = before === 0 ? "" : `(?:(?:${group}:){0,${before - 1}}${group})?`;
    forms.push(`${left}::(?:${group}:){${after}}${last}`);
  }
  forms.push(`(?:(?:${group}:){0,5}${group})?::${group}`, `(?:(?:${group}:){0,6}${group})?::`);
  return `(?:${forms.join("|")})`;
}
