/** Schemas for the tests: small ones that use every keyword in many ways, and large ones as interfaces of services have. */
export interface Case {
  readonly name: string;
  readonly schema: unknown;
}

const string = { type: "string" };
const integer = { type: "integer" };
const text = { type: "string", minLength: 1, maxLength: 40 };
const closed = (properties: object, required: readonly string[] = Object.keys(properties)): object => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

const small: Record<string, unknown> = {
  anything: true,
  "anything, as an object": {},
  null: { type: "null" },
  boolean: { type: "boolean" },
  string,
  integer,
  number: { type: "number" },
  array: { type: "array" },
  object: { type: "object" },
  "two types": { type: ["string", "null"] },
  "three types": { type: ["integer", "boolean", "array"] },
  "all types": { type: ["null", "boolean", "number", "string", "array", "object"] },

  "enum of strings": { enum: ["red", "green", "blue"] },
  "enum with prefixes": { enum: ["a", "ab", "abc", "b", ""] },
  "enum of everything": { enum: [null, true, 0, -1.5, "x", [1, "two"], { a: 1 }, {}, []] },
  "enum within a type": { type: "string", enum: ["a", "b"] },
  "enum cut by a type": { type: "integer", enum: [1, "one", 2, 2.5] },
  "const string": { const: 'say "hi"\n\u0001\\ é 漢 😀' },
  "const number": { const: 1e3 },
  "const small number": { const: 1.25e-7 },
  "const object": { const: { b: [1, 2, { c: null }], a: "x" } },
  "const false": { const: false },
  "enum and const": { enum: [1, 2, 3], const: 2 },

  minimum: { type: "integer", minimum: 7 },
  maximum: { type: "integer", maximum: 7 },
  "negative range": { type: "integer", minimum: -120, maximum: -3 },
  "range across zero": { type: "integer", minimum: -5, maximum: 17 },
  age: { type: "integer", minimum: 0, maximum: 150 },
  "exclusive range": { type: "integer", exclusiveMinimum: 0, exclusiveMaximum: 10 },
  "range of decimals": { type: "number", minimum: 0.5, maximum: 2.75 },
  "exclusive range of decimals": { type: "number", exclusiveMinimum: -1, exclusiveMaximum: 1 },
  probability: { type: "number", minimum: 0, maximum: 1 },
  "bounds with fractions for integers": { type: "integer", minimum: 1.5, maximum: 7.5 },
  "large bounds": { type: "integer", minimum: 1000000, maximum: 99999999999 },
  "bounds of any type": { minimum: 3, maximum: 4 },
  "multiple of 5": { type: "integer", multipleOf: 5 },
  "multiple of 7 in a range": { type: "integer", multipleOf: 7, minimum: -50, maximum: 50 },
  cents: { type: "number", multipleOf: 0.01, minimum: 0 },
  quarters: { type: "number", multipleOf: 0.25 },
  "multiple of 1.5": { type: "number", multipleOf: 1.5 },
  "multiple of 12 and 18": { allOf: [{ type: "integer", multipleOf: 12 }, { multipleOf: 18 }] },

  minLength: { type: "string", minLength: 3 },
  maxLength: { type: "string", maxLength: 4 },
  "one character": { type: "string", minLength: 1, maxLength: 1 },
  "long text": { type: "string", minLength: 10, maxLength: 300 },
  "empty string": { type: "string", maxLength: 0 },
  pattern: { type: "string", pattern: "^[a-z]+-[0-9]{2,4}$" },
  "pattern found anywhere": { type: "string", pattern: "cat|dog" },
  "pattern from the start": { type: "string", pattern: "^ab" },
  "pattern to the end": { type: "string", pattern: "yz$" },
  "pattern and length": { type: "string", pattern: "^[a-f]*$", minLength: 2, maxLength: 5 },
  "two patterns": { allOf: [{ type: "string", pattern: "a" }, { pattern: "b" }] },
  "pattern with escapes": { type: "string", pattern: '^["\\\\/\\n\\t]+$' },
  "pattern of other letters": { type: "string", pattern: "^[α-ω]{1,3}\\p{Lu}?$" },
  "pattern of any type": { pattern: "^x" },

  date: { type: "string", format: "date" },
  time: { type: "string", format: "time" },
  "date-time": { type: "string", format: "date-time" },
  duration: { type: "string", format: "duration" },
  email: { type: "string", format: "email" },
  hostname: { type: "string", format: "hostname" },
  ipv4: { type: "string", format: "ipv4" },
  ipv6: { type: "string", format: "ipv6" },
  uuid: { type: "string", format: "uuid" },
  uri: { type: "string", format: "uri" },
  "json-pointer": { type: "string", format: "json-pointer" },
  "relative-json-pointer": { type: "string", format: "relative-json-pointer" },
  byte: { type: "string", format: "byte" },
  int32: { type: "integer", format: "int32" },
  int64: { type: "integer", format: "int64" },
  double: { type: "number", format: "double" },
  float: { type: "number", format: "float" },
  password: { type: "string", format: "password" },
  binary: { type: "string", format: "binary", maxLength: 5 },
  "format of any type": { format: "date" },
  "date in a year": { type: "string", format: "date", pattern: "^2024-" },

  items: { type: "array", items: integer },
  "items that cannot be": { type: "array", items: false },
  "minItems, maxItems": { type: "array", items: { type: "boolean" }, minItems: 1, maxItems: 3 },
  "exactly two": { type: "array", items: integer, minItems: 2, maxItems: 2 },
  "many items": { type: "array", items: { enum: [0, 1] }, minItems: 20, maxItems: 40 },
  "nested arrays": { type: "array", items: { type: "array", items: { type: "null" }, maxItems: 2 } },
  tuple: { type: "array", prefixItems: [string, integer], items: false },
  "whole tuple": { type: "array", prefixItems: [string, integer, { type: "boolean" }], items: false, minItems: 3 },
  "open tuple": { type: "array", prefixItems: [{ const: "header" }], items: integer },
  "tuple with a maximum": { type: "array", prefixItems: [integer, integer], items: string, maxItems: 3 },
  contains: { type: "array", contains: { const: 1 }, items: { enum: [0, 1] } },
  "contains two": {
    type: "array",
    contains: { type: "string" },
    items: { type: ["string", "integer"] },
    minContains: 2,
  },
  "contains at most one": { type: "array", contains: { const: "x" }, items: { enum: ["x", "y"] }, maxContains: 1 },
  "contains none": {
    type: "array",
    contains: { type: "null" },
    items: { type: ["null", "boolean"] },
    minContains: 0,
    maxContains: 0,
  },
  "contains, two kinds": {
    type: "array",
    items: { type: "integer" },
    allOf: [{ contains: { minimum: 5 } }, { contains: { maximum: -5 } }],
    maxItems: 4,
  },
  "contains and lengths": { type: "array", contains: { const: 3 }, items: integer, minItems: 2, maxItems: 4 },
  "unique values": { type: "array", items: { enum: ["a", "b", "c", 1] }, uniqueItems: true },
  "unique booleans": { type: "array", items: { type: ["boolean", "null"] }, uniqueItems: true, minItems: 2 },
  "unique, bounded": {
    type: "array",
    items: { enum: [1, 2, 3, 4, 5, 6] },
    uniqueItems: true,
    minItems: 2,
    maxItems: 3,
  },
  "unique numbers of a range": { type: "array", items: { type: "integer", minimum: 1, maximum: 6 }, uniqueItems: true },
  "unique by type": { type: "array", prefixItems: [string, integer], items: false, uniqueItems: true },
  "uniqueItems: false": { type: "array", items: { type: "boolean" }, uniqueItems: false, maxItems: 3 },
  "unique objects": { type: "array", items: closed({ a: { enum: [1, 2] } }), uniqueItems: true },

  record: closed({ name: string, age: integer }),
  "optional members": closed({ a: integer, b: integer, c: integer }, []),
  "some required": closed({ a: integer, b: string, c: { type: "boolean" } }, ["b"]),
  "open record": { type: "object", properties: { id: integer }, required: ["id"] },
  "required, not listed": { type: "object", required: ["x"], additionalProperties: integer },
  "required before properties": {
    required: ["b"],
    type: "object",
    properties: { a: integer, b: integer },
    additionalProperties: false,
  },
  map: { type: "object", additionalProperties: integer },
  "map with bounds": { type: "object", additionalProperties: { type: "boolean" }, minProperties: 1, maxProperties: 3 },
  "nothing more": { type: "object", additionalProperties: false },
  "count of members": closed({ a: integer, b: integer, c: integer, d: integer }, []),
  "at least two of four": {
    type: "object",
    properties: { a: integer, b: integer, c: integer, d: integer },
    additionalProperties: false,
    minProperties: 2,
    maxProperties: 3,
  },
  "a name or more": {
    type: "object",
    properties: { a: integer },
    required: ["a"],
    additionalProperties: string,
    minProperties: 2,
  },
  patternProperties: {
    type: "object",
    patternProperties: { "^x-": string, "^n_": integer },
    additionalProperties: false,
  },
  "patterns that overlap": {
    type: "object",
    patternProperties: { "^a": { minimum: 3 }, z$: { type: "integer" } },
    additionalProperties: false,
  },
  "patterns and properties": {
    type: "object",
    properties: { x_one: { maximum: 10 } },
    patternProperties: { "^x_": integer },
    additionalProperties: { type: "boolean" },
  },
  propertyNames: { type: "object", propertyNames: { pattern: "^[a-z]{1,3}$" }, additionalProperties: integer },
  "propertyNames of a list": {
    type: "object",
    propertyNames: { enum: ["b", "a", "c"] },
    additionalProperties: integer,
    minProperties: 2,
  },
  "propertyNames of a length": {
    type: "object",
    propertyNames: { maxLength: 2 },
    additionalProperties: { type: "null" },
  },
  "propertyNames that forbid": {
    type: "object",
    properties: { a: integer, bb: integer },
    propertyNames: { maxLength: 1 },
    additionalProperties: false,
  },
  dependentRequired: {
    ...closed({ card: integer, address: string, name: string }, []),
    dependentRequired: { card: ["address", "name"], address: ["name"] },
  },
  dependentSchemas: {
    type: "object",
    properties: { kind: { enum: ["a", "b"] }, n: integer },
    additionalProperties: false,
    dependentSchemas: { kind: { required: ["n"], properties: { n: { minimum: 10 } } } },
  },
  "names to escape": closed({ 'a"b': integer, "c\\d": integer, "e\nf": integer, "é😀": integer, "": integer }, ["é😀"]),
  "nested records": closed({ a: closed({ b: closed({ c: { type: "boolean" } }) }) }),
  "any type with properties": { properties: { a: integer } },

  allOf: { allOf: [closed({ a: integer, b: string }), { properties: { a: { minimum: 3 } } }] },
  "allOf adds members": {
    allOf: [
      { type: "object", properties: { id: integer }, required: ["id"] },
      { type: "object", properties: { name: string }, required: ["name"] },
    ],
  },
  anyOf: { anyOf: [integer, { type: "string", maxLength: 3 }] },
  "anyOf overlapping": {
    anyOf: [
      { type: "integer", minimum: 5 },
      { type: "integer", maximum: 10 },
      { type: "number", multipleOf: 0.5 },
    ],
  },
  "anyOf of required": {
    ...closed({ mail: string, phone: string, name: string }, ["name"]),
    anyOf: [{ required: ["mail"] }, { required: ["phone"] }],
  },
  oneOf: { oneOf: [integer, string] },
  "oneOf overlapping numbers": {
    oneOf: [
      { type: "integer", multipleOf: 2 },
      { type: "integer", multipleOf: 3 },
    ],
  },
  "oneOf by const": {
    oneOf: [
      closed({ type: { const: "circle" }, radius: { type: "number", minimum: 0 } }),
      closed({ type: { const: "rectangle" }, width: integer, height: integer }),
      closed({ type: { enum: ["point", "none"] } }),
    ],
  },
  "oneOf of required": {
    type: "object",
    properties: { a: integer, b: integer },
    additionalProperties: false,
    oneOf: [{ required: ["a"] }, { required: ["b"] }],
  },
  "oneOf of open objects": {
    oneOf: [
      { type: "object", properties: { a: integer }, required: ["a"], maxProperties: 2 },
      { type: "object", properties: { b: string }, required: ["b"], maxProperties: 2 },
    ],
  },
  "oneOf three strings": { oneOf: [{ type: "string", minLength: 3 }, { type: "string", maxLength: 4 }, { const: 7 }] },
  "oneOf of arrays": {
    oneOf: [
      { type: "array", items: integer, minItems: 1 },
      { type: "array", items: string, minItems: 1 },
    ],
  },
  not: { not: { type: "string" } },
  "not a const": { type: "string", not: { const: "no" }, maxLength: 3 },
  "not an enum": { type: "integer", not: { enum: [0, 1, 2] } },
  "not a range": { type: "integer", not: { minimum: 3, maximum: 9 } },
  "not a pattern": { type: "string", not: { pattern: "a" } },
  "not required": {
    type: "object",
    properties: { a: integer, b: integer },
    additionalProperties: false,
    not: { required: ["a", "b"] },
  },
  "not a member": {
    type: "object",
    properties: { a: integer },
    not: { properties: { a: { minimum: 5 } }, required: ["a"] },
  },
  "not all integers": { type: "array", items: { type: ["integer", "string"] }, not: { items: integer } },
  "not a tuple": { type: "array", items: integer, maxItems: 3, not: { prefixItems: [{ const: 1 }, { const: 2 }] } },
  "not without extras": {
    type: "object",
    properties: { a: integer },
    additionalProperties: string,
    not: { properties: { a: true }, additionalProperties: false },
  },
  "not names": { type: "object", additionalProperties: integer, not: { propertyNames: { maxLength: 2 } } },
  "not contains": { type: "array", items: { enum: [1, 2, 3] }, not: { contains: { const: 2 } } },
  "not patternProperties": {
    type: "object",
    additionalProperties: { type: ["integer", "null"] },
    not: { patternProperties: { "^a": { type: "integer" } } },
  },
  "not allOf": { type: "integer", not: { allOf: [{ minimum: 0 }, { multipleOf: 2 }] } },
  "not anyOf": { type: "integer", not: { anyOf: [{ minimum: 10 }, { multipleOf: 2 }] } },
  "not oneOf": { type: "integer", not: { oneOf: [{ multipleOf: 2 }, { multipleOf: 3 }] } },
  "not not": { not: { not: { type: "boolean" } } },
  "not if": { type: "integer", not: { if: { minimum: 0 }, then: { multipleOf: 2 }, else: { multipleOf: 5 } } },
  "not an object": {
    type: "object",
    properties: { a: { enum: [1, 2] } },
    required: ["a"],
    maxProperties: 2,
    not: { const: { a: 1 } },
  },
  "not an array": { type: "array", items: { enum: [1, 2] }, maxItems: 3, not: { const: [1, 2] } },
  "not lengths": { type: "array", items: { type: "null" }, maxItems: 6, not: { minItems: 2, maxItems: 4 } },
  "not sizes": { ...closed({ a: integer, b: integer, c: integer }, []), not: { minProperties: 1, maxProperties: 1 } },
  "not dependentRequired": { ...closed({ a: integer, b: integer }, []), not: { dependentRequired: { a: ["b"] } } },
  "not dependentSchemas": {
    ...closed({ a: integer, b: integer }, []),
    not: { dependentSchemas: { a: { properties: { b: { minimum: 4 } } } } },
  },
  "not a format": { type: "string", not: { format: "ipv4" }, pattern: "^[0-9.]{7,9}$" },
  "if then else": {
    type: "object",
    properties: { kind: { enum: ["number", "text"] }, value: { type: ["integer", "string"] } },
    required: ["kind", "value"],
    additionalProperties: false,
    if: { properties: { kind: { const: "number" } } },
    then: { properties: { value: integer } },
    else: { properties: { value: string } },
  },
  "if then": { type: "integer", if: { minimum: 100 }, then: { multipleOf: 10 } },
  "if else": { type: ["string", "integer"], if: { type: "string" }, else: { minimum: 5 } },
  "several ifs": {
    ...closed({ a: integer, b: integer, c: integer }, ["a"]),
    allOf: [
      { if: { properties: { a: { minimum: 5 } } }, then: { required: ["b"] } },
      { if: { properties: { a: { maximum: 2 } } }, then: { required: ["c"] } },
    ],
  },

  list: {
    $defs: { node: closed({ value: integer, next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] } }) },
    $ref: "#/$defs/node",
  },
  tree: {
    $defs: { tree: closed({ label: text, children: { type: "array", items: { $ref: "#/$defs/tree" } } }) },
    $ref: "#/$defs/tree",
  },
  expression: {
    $defs: {
      expression: {
        oneOf: [
          { type: "number" },
          closed({
            op: { enum: ["+", "*"] },
            left: { $ref: "#/$defs/expression" },
            right: { $ref: "#/$defs/expression" },
          }),
          closed({ op: { const: "-" }, of: { $ref: "#/$defs/expression" } }),
        ],
      },
    },
    $ref: "#/$defs/expression",
  },
  "recursion through the root": {
    type: "object",
    properties: { inner: { $ref: "#" }, n: integer },
    required: ["n"],
    additionalProperties: false,
  },
  "mutual recursion": {
    $defs: {
      a: closed({ b: { type: "array", items: { $ref: "#/$defs/b" }, maxItems: 2 } }),
      b: closed({ a: { anyOf: [{ $ref: "#/$defs/a" }, { type: "null" }] } }),
    },
    $ref: "#/$defs/a",
  },
  "reference with more beside it": { $defs: { n: integer }, $ref: "#/$defs/n", minimum: 3 },
  "reference by anchor": {
    $defs: { n: { $anchor: "amount", type: "integer", minimum: 0 } },
    type: "array",
    items: { $ref: "#amount" },
  },
  "reference by identifier": {
    $id: "https://example.org/root",
    $defs: { n: { $id: "https://example.org/amount", type: "integer", $defs: { s: string }, minimum: 1 } },
    type: "object",
    properties: { a: { $ref: "https://example.org/amount" }, b: { $ref: "amount#/$defs/s" }, c: { $ref: "#/$defs/n" } },
    required: ["a", "b"],
    additionalProperties: false,
  },
  definitions: { definitions: { n: { type: "boolean" } }, type: "array", items: { $ref: "#/definitions/n" } },
  "reference to a property": closed({ a: { type: "integer", minimum: 2 }, b: { $ref: "#/properties/a" } }),
  "escaped reference": { $defs: { "a/b~c": { type: "null" } }, $ref: "#/$defs/a~1b~0c" },
  "narrowed recursion": {
    $defs: { tree: closed({ v: integer, kids: { type: "array", items: { $ref: "#/$defs/tree" } } }) },
    allOf: [{ $ref: "#/$defs/tree" }, { properties: { v: { minimum: 5 }, kids: { maxItems: 1 } } }],
  },
  annotated: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $comment: "not looked at",
    title: "A title",
    description: "What it is",
    type: "object",
    "x-internal": true,
    properties: {
      a: { type: "integer", default: 3, examples: [1, 2], readOnly: true, deprecated: true, writeOnly: false },
    },
    required: ["a"],
    additionalProperties: false,
  },
};

// ------------------------------------------------------------------------------------------------ large ones

const timestamp = { type: "string", format: "date-time" };
const day = { type: "string", format: "date" };
const identifier = { type: "string", format: "uuid" };
const money = closed({
  amount: { type: "number", multipleOf: 0.01, minimum: 0 },
  currency: { enum: ["EUR", "USD", "GBP", "JPY", "CHF"] },
});
const address = closed(
  {
    street: text,
    house_number: { type: "string", pattern: "^[0-9]{1,4}[a-z]?$" },
    postcode: { type: "string", pattern: "^[0-9]{5}$" },
    city: text,
    country: { type: "string", pattern: "^[A-Z]{2}$" },
  },
  ["street", "city", "country"],
);
const page = (items: object): object =>
  closed(
    { items: { type: "array", items }, next: { type: ["string", "null"] }, total: { type: "integer", minimum: 0 } },
    ["items", "total"],
  );
const failure = closed(
  {
    code: { type: "integer", minimum: 400, maximum: 599 },
    message: text,
    details: {
      type: "array",
      items: closed({ field: { type: "string", format: "json-pointer" }, problem: text }),
      maxItems: 5,
    },
  },
  ["code", "message"],
);

/** The entities of an imagined shop, library, clinic, … with fields of many kinds. */
const entities: Record<string, Record<string, unknown>> = {
  customer: {
    id: identifier,
    email: { type: "string", format: "email" },
    name: text,
    born: day,
    address,
    tags: { type: "array", items: { type: "string", pattern: "^[a-z-]{2,12}$" }, maxItems: 8 },
    newsletter: { type: "boolean" },
    tier: { enum: ["bronze", "silver", "gold"] },
    credit: money,
    referrer: { anyOf: [identifier, { type: "null" }] },
    since: timestamp,
  },
  order: {
    id: identifier,
    state: { enum: ["open", "paid", "shipped", "returned", "cancelled"] },
    lines: {
      type: "array",
      minItems: 1,
      items: closed({
        sku: { type: "string", pattern: "^[A-Z]{3}-[0-9]{4}$" },
        quantity: { type: "integer", minimum: 1, maximum: 999 },
        price: money,
      }),
    },
    shipping: address,
    note: { type: "string", maxLength: 200 },
    discount: { type: "number", minimum: 0, maximum: 1 },
    placed: timestamp,
    total: money,
  },
  product: {
    sku: { type: "string", pattern: "^[A-Z]{3}-[0-9]{4}$" },
    title: text,
    description: { type: "string", maxLength: 500 },
    price: money,
    weight_grams: { type: "integer", minimum: 1 },
    dimensions: {
      type: "array",
      prefixItems: [{ type: "number" }, { type: "number" }, { type: "number" }],
      items: false,
      minItems: 3,
    },
    images: { type: "array", items: { type: "string", format: "uri" }, maxItems: 6 },
    attributes: { type: "object", additionalProperties: { type: ["string", "number", "boolean"] } },
    categories: {
      type: "array",
      items: { enum: ["books", "toys", "garden", "kitchen", "music", "sports"] },
      uniqueItems: true,
    },
    rating: { type: "number", minimum: 0, maximum: 5, multipleOf: 0.5 },
  },
  book: {
    isbn: { type: "string", pattern: "^97[89][0-9]{10}$" },
    title: text,
    authors: {
      type: "array",
      items: closed({ given: text, family: text, born: { type: "integer", minimum: 1000, maximum: 2030 } }, ["family"]),
      minItems: 1,
    },
    published: { type: "string", format: "date", pattern: "^(?:19|20)" },
    pages: { type: "integer", minimum: 1, maximum: 5000 },
    language: { type: "string", pattern: "^[a-z]{2}(?:-[A-Z]{2})?$" },
    loans: { type: "array", items: closed({ member: identifier, from: day, to: { anyOf: [day, { type: "null" }] } }) },
    shelf: {
      type: "object",
      patternProperties: { "^room_[0-9]+$": { type: "integer", minimum: 0 } },
      additionalProperties: false,
    },
  },
  appointment: {
    id: integer,
    patient: closed({
      name: text,
      insurance: {
        oneOf: [
          closed({ kind: { const: "public" }, number: { type: "string", pattern: "^[A-Z][0-9]{9}$" } }),
          closed({ kind: { const: "private" }, company: text }),
        ],
      },
    }),
    start: timestamp,
    length: { type: "string", format: "duration" },
    doctor: { enum: ["Dr. Ahn", "Dr. Bloch", "Dr. Czerny"] },
    reasons: { type: "array", items: { type: "string", maxLength: 60 }, minItems: 1, maxItems: 4 },
    urgent: { type: "boolean" },
    measurements: {
      type: "object",
      propertyNames: { pattern: "^[a-z_]{2,20}$" },
      additionalProperties: { type: "number" },
    },
  },
  server: {
    host: { type: "string", format: "hostname" },
    addresses: {
      type: "array",
      items: {
        anyOf: [
          { type: "string", format: "ipv4" },
          { type: "string", format: "ipv6" },
        ],
      },
      minItems: 1,
    },
    port: { type: "integer", minimum: 1, maximum: 65535 },
    protocol: { enum: ["http", "https", "ssh", "smtp"] },
    limits: closed(
      {
        cpu: { type: "number", exclusiveMinimum: 0, maximum: 64 },
        memory: { type: "string", pattern: "^[1-9][0-9]{0,3}(?:Mi|Gi)$" },
      },
      ["cpu"],
    ),
    environment: {
      type: "object",
      propertyNames: { pattern: "^[A-Z_][A-Z0-9_]{0,15}$" },
      additionalProperties: { type: "string", maxLength: 64 },
    },
    replicas: { type: "integer", minimum: 0, maximum: 100 },
    probes: {
      type: "array",
      items: {
        oneOf: [
          closed({
            http: closed({
              path: { type: "string", pattern: "^/" },
              port: { type: "integer", minimum: 1, maximum: 65535 },
            }),
          }),
          closed({ command: { type: "array", items: string, minItems: 1 } }),
        ],
      },
    },
  },
  event: {
    id: identifier,
    at: timestamp,
    actor: { anyOf: [closed({ user: identifier }), closed({ system: { enum: ["cron", "import"] } })] },
    payload: {
      oneOf: [
        closed({ type: { const: "created" }, entity: text, fields: { type: "object" } }),
        closed({ type: { const: "changed" }, entity: text, before: true, after: true }),
        closed({ type: { const: "deleted" }, entity: text, reason: { type: ["string", "null"] } }),
      ],
    },
    trace: { type: "array", items: { type: "string", pattern: "^[0-9a-f]{16}$" }, maxItems: 3 },
    severity: { type: "integer", minimum: 0, maximum: 7 },
  },
  recipe: {
    title: text,
    servings: { type: "integer", minimum: 1, maximum: 50 },
    ingredients: {
      type: "array",
      minItems: 1,
      items: closed(
        {
          name: text,
          amount: { type: "number", exclusiveMinimum: 0 },
          unit: { enum: ["g", "ml", "piece", "spoon"] },
          optional: { type: "boolean" },
        },
        ["name", "amount"],
      ),
    },
    steps: { type: "array", items: { type: "string", minLength: 5, maxLength: 120 }, minItems: 1, maxItems: 12 },
    minutes: { type: "integer", multipleOf: 5, minimum: 5, maximum: 600 },
    diets: { type: "array", items: { enum: ["vegan", "vegetarian", "halal", "kosher"] }, uniqueItems: true },
    source: { type: "string", format: "uri" },
  },
  flight: {
    number: { type: "string", pattern: "^[A-Z]{2}[0-9]{3,4}$" },
    from: { type: "string", pattern: "^[A-Z]{3}$" },
    to: { type: "string", pattern: "^[A-Z]{3}$" },
    departs: timestamp,
    gate: { anyOf: [{ type: "string", pattern: "^[A-F][0-9]{1,2}$" }, { type: "null" }] },
    passengers: {
      type: "array",
      items: closed(
        {
          name: text,
          seat: { type: "string", pattern: "^[1-9][0-9]?[A-K]$" },
          bags: { type: "integer", minimum: 0, maximum: 4 },
        },
        ["name"],
      ),
      maxItems: 10,
    },
    codeshare: { type: "array", items: { type: "string" }, maxItems: 3 },
    status: { enum: ["scheduled", "boarding", "departed", "cancelled"] },
  },
  survey: {
    title: text,
    questions: {
      type: "array",
      minItems: 1,
      items: {
        oneOf: [
          closed({
            kind: { const: "choice" },
            text,
            options: { type: "array", items: text, minItems: 2, maxItems: 6 },
          }),
          closed({ kind: { const: "scale" }, text, low: integer, high: integer }),
          closed({ kind: { const: "free" }, text, limit: { type: "integer", minimum: 1 } }, ["kind", "text"]),
        ],
      },
    },
    open: { type: "boolean" },
    closes: day,
    languages: { type: "array", items: { enum: ["en", "de", "fr", "es"] }, uniqueItems: true, minItems: 1 },
  },
};

function large(): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, properties] of Object.entries(entities)) {
    const names = Object.keys(properties);
    const reference = { $ref: `#/$defs/${name}` };
    const $defs = { [name]: closed(properties, names.slice(0, Math.ceil(names.length / 2))), failure };
    found[`${name}: all members required`] = closed(properties);
    found[`${name}: all members optional`] = closed(properties, []);
    found[`${name}: an answer`] = { $defs, oneOf: [reference, { $ref: "#/$defs/failure" }] };
    found[`${name}: a page`] = { $defs, ...page(reference) };
    found[`${name}: an update`] = {
      $defs,
      ...closed({
        operation: { enum: ["create", "replace", "remove"] },
        path: { type: "string", format: "json-pointer" },
        value: { anyOf: [reference, { type: "null" }] },
        meta: closed({ request: identifier, at: timestamp, retries: { type: "integer", minimum: 0, maximum: 5 } }),
      }),
    };
    found[`${name}: open, with more demanded`] = {
      allOf: [
        { type: "object", properties, required: names.slice(0, 2) },
        { required: names.slice(-2), properties: { version: { type: "integer", minimum: 1 } } },
      ],
    };
  }
  return found;
}

export const smallCases: readonly Case[] = Object.entries(small).map(([name, schema]) => ({ name, schema }));
export const largeCases: readonly Case[] = Object.entries(large()).map(([name, schema]) => ({ name, schema }));
export const cases: readonly Case[] = [...smallCases, ...largeCases];
