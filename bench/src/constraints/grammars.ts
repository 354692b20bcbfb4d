/** Grammars in our dialect and in the peer's. */
interface Both {
  readonly ours: string;
  readonly theirs: string;
}

export const arithmetic: Both = {
  ours: `
start: sum
sum: product (("+" | "-") product)*
product: power (("*" | "/") power)*
power: atom ("^" power)?
atom: NUMBER | NAME | "(" sum ")" | "-" atom
NUMBER: /[0-9]+(\\.[0-9]+)?/
NAME: /[a-z][a-z0-9_]*/
`,
  theirs: `
root ::= sum
sum ::= product (("+" | "-") product)*
product ::= power (("*" | "/") power)*
power ::= atom ("^" power)?
atom ::= number | name | "(" sum ")" | "-" atom
number ::= [0-9]+ ("." [0-9]+)?
name ::= [a-z] [a-z0-9_]*
`,
};

export const json: Both = {
  ours: `
start: value
value: object | array | STRING | NUMBER | "true" | "false" | "null"
object: "{" WS? "}" | "{" WS? member ("," WS? member)* WS? "}"
member: STRING ":" WS? value
array: "[" WS? "]" | "[" WS? value ("," WS? value)* WS? "]"
STRING: /"([^"\\\\\\x00-\\x1f]|\\\\(["\\\\\\/bfnrt]|u[0-9a-fA-F]{4}))*"/
NUMBER: /-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?/
WS: /[ \\n\\t]+/
`,
  theirs: `
root ::= value
value ::= object | array | string | number | "true" | "false" | "null"
object ::= "{" ws? "}" | "{" ws? member ("," ws? member)* ws? "}"
member ::= string ":" ws? value
array ::= "[" ws? "]" | "[" ws? value ("," ws? value)* ws? "]"
string ::= "\\"" ([^"\\\\\\x00-\\x1f] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F]))* "\\""
number ::= "-"? ("0" | [1-9] [0-9]*) ("." [0-9]+)? ([eE] [+-]? [0-9]+)?
ws ::= [ \\n\\t]+
`,
};

export const statements: Both = {
  ours: `
start: statement+
statement: assignment | conditional | loop | "print(" expression ");\\n"
assignment: NAME " = " expression ";\\n"
conditional: "if (" expression ") " block (" else " block)? "\\n"
loop: "while (" expression ") " block "\\n"
block: "{\\n" statement* "}"
expression: comparison ((" && " | " || ") comparison)*
comparison: term ((" == " | " < " | " > ") term)?
term: factor ((" + " | " - ") factor)*
factor: atom ((" * " | " / ") atom)*
atom: NAME | NUMBER | STRING | "(" expression ")" | NAME "(" (expression (", " expression)*)? ")"
NAME: /[a-zA-Z_][a-zA-Z0-9_]*/
NUMBER: /[0-9]+/
STRING: /"[^"\\n]*"/
`,
  theirs: `
root ::= statement+
statement ::= assignment | conditional | loop | "print(" expression ");\\n"
assignment ::= name " = " expression ";\\n"
conditional ::= "if (" expression ") " block (" else " block)? "\\n"
loop ::= "while (" expression ") " block "\\n"
block ::= "{\\n" statement* "}"
expression ::= comparison ((" && " | " || ") comparison)*
comparison ::= term ((" == " | " < " | " > ") term)?
term ::= factor ((" + " | " - ") factor)*
factor ::= atom ((" * " | " / ") atom)*
atom ::= name | number | string | "(" expression ")" | name "(" (expression (", " expression)*)? ")"
name ::= [a-zA-Z_] [a-zA-Z0-9_]*
number ::= [0-9]+
string ::= "\\"" [^"\\n]* "\\""
`,
};
