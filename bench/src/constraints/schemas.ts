/** Schemas of the sizes that people write: a record, a record with bounds, an object of an API. */

export const person = {
  type: "object",
  properties: {
    name: { type: "string" },
    age: { type: "integer", minimum: 0, maximum: 130 },
    hobbies: { type: "array", items: { type: "string" } },
    married: { type: "boolean" },
  },
  required: ["name", "age", "hobbies", "married"],
  additionalProperties: false,
};

export const bounded = {
  type: "object",
  properties: {
    title: { type: "string", minLength: 3, maxLength: 40 },
    code: { type: "string", pattern: "^[A-Z]{3}-[0-9]{4}$" },
    when: { type: "string", format: "date" },
    score: { type: "number" },
    grades: { type: "array", items: { enum: ["poor", "fair", "good", "excellent"] }, minItems: 1, maxItems: 5 },
    note: { type: ["string", "null"], maxLength: 100 },
  },
  required: ["title", "code", "when", "score", "grades"],
  additionalProperties: false,
};

const text = { type: "string" };
const money = {
  type: "object",
  properties: { amount: { type: "number" }, currency: { enum: ["EUR", "USD", "GBP", "JPY"] } },
  required: ["amount", "currency"],
  additionalProperties: false,
};
const address = {
  type: "object",
  properties: {
    street: text,
    house_number: text,
    city: text,
    postal_code: { type: "string", maxLength: 10 },
    country: { type: "string", pattern: "^[A-Z]{2}$" },
  },
  required: ["street", "city", "country"],
  additionalProperties: false,
};

export const purchase = {
  $defs: { money, address },
  type: "object",
  properties: {
    id: { type: "string", pattern: "^[0-9a-f]{8}$" },
    created_at: { type: "string", format: "date-time" },
    status: { enum: ["open", "paid", "shipped", "delivered", "cancelled", "returned"] },
    customer: {
      type: "object",
      properties: {
        id: { type: "integer", minimum: 1 },
        first_name: text,
        last_name: text,
        email: { type: "string", maxLength: 80 },
        phone: { type: ["string", "null"] },
        billing: { $ref: "#/$defs/address" },
        shipping: { anyOf: [{ $ref: "#/$defs/address" }, { type: "null" }] },
      },
      required: ["id", "first_name", "last_name", "email"],
      additionalProperties: false,
    },
    items: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        properties: {
          product: text,
          quantity: { type: "integer", minimum: 1, maximum: 999 },
          unit_price: { $ref: "#/$defs/money" },
          options: { type: "array", items: text },
          gift: { type: "boolean" },
        },
        required: ["product", "quantity", "unit_price"],
        additionalProperties: false,
      },
    },
    discount_percent: { type: "number", minimum: 0, maximum: 100 },
    total: { $ref: "#/$defs/money" },
    remarks: { type: "array", items: { type: "string", maxLength: 200 } },
    metadata: { type: "object", additionalProperties: text },
  },
  required: ["id", "status", "items", "total"],
  additionalProperties: false,
};

export const anything = {};
