import type { Severity } from "@pgl/grammar";

/** One kind of diagnostic: what `pgl explain CODE` and the documentation say about it. */
export interface DiagnosticKind {
  readonly title: string;
  readonly explanation: string;
  /** A program, or a part of one, that brings it about. */
  readonly example: string;
  readonly severity: Severity;
}

const error = (title: string, explanation: string, example: string): DiagnosticKind => ({
  title,
  explanation,
  example,
  severity: "error",
});
const warning = (title: string, explanation: string, example: string): DiagnosticKind => ({
  title,
  explanation,
  example,
  severity: "warning",
});

/**
 * Every diagnostic of the compiler's front end. 2xxx names and imports, 3xxx types, 4xxx effects and meaning, 5xxx what
 * would run and is probably not meant. (1xxx, syntax, is the grammar's.)
 */
export const catalogue = {
  PGL2001: error(
    "Unknown name",
    "A name must be declared before it is used: by `let`, a parameter, a declaration of the module, an import, or by being built in.",
    "model m() { return lenght([1]) }",
  ),
  PGL2002: error(
    "Name declared twice",
    "One scope can declare a name once. An inner block may declare it again, which hides the outer one there.",
    "const a = 1\nconst a = 2",
  ),
  PGL2003: error(
    "Module not found",
    "The file of an import, or another one that a declaration names, does not exist or cannot be read.",
    'import { f } from "./judge.ts"',
  ),
  PGL2004: error(
    "Import cycle",
    "Modules import each other in a circle. Move what both need into a third module.",
    'import { f } from "./self.pgl"  // in self.pgl',
  ),
  PGL2005: error(
    "Not exported",
    "The imported module has no export of that name. PGL declarations are exported by `export` before them.",
    'import { nothing } from "./judges.ts"',
  ),
  PGL2006: error(
    "Unknown type",
    "The name of a type is neither built in nor declared by `type`.",
    "fn f(x: number): int = 1",
  ),
  PGL2007: error(
    "Unknown member",
    "The value has no field of that name, and there is no built-in function of that name to call on it.",
    "fn f(p: { x: int }): int = p.y",
  ),
  PGL2008: error(
    "Unknown argument",
    "The function has no parameter of that name, or the declaration no option.",
    "model m() { return sample normal(mean: 0, std: 1) }",
  ),
  PGL2009: error("Unknown inference method", "`using` names one of the inference methods.", "query m() using mcmc()"),
  PGL2010: error(
    "Unknown option",
    "The inference method has no option of that name.",
    "query m() using smc(particle: 10)",
  ),
  PGL2011: error(
    "Unknown constraint",
    "`matches` knows a fixed set of constraints.",
    'condition s matches begins_with("a")',
  ),
  PGL2012: error(
    "Host module has errors",
    "The TypeScript file of an import cannot be parsed, so that its types cannot be read.",
    'import { f } from "./broken.ts"',
  ),
  PGL2013: error(
    "Host export cannot be used",
    "The type of what is imported has no counterpart in PGL. Give it a plain signature on the TypeScript side.",
    'import { Judge } from "./judge-class.ts"',
  ),
  PGL2014: error(
    "Used before it has a value",
    "Constants are computed from top to bottom, so that a constant can use only those above it.",
    "const a = b + 1\nconst b = 2",
  ),
  PGL2015: error(
    "Another kind of name",
    "The name is known, but stands for something that cannot be used in this way.",
    "type T = int\nmodel m() { return T }",
  ),
  PGL2016: error(
    "Not a text file",
    "Programs are text in UTF-8. The file holds bytes that are not; the message says where the first of them is.",
    'import { f } from "./picture.pgl"',
  ),
  PGL2017: error(
    "Unknown language model",
    "The spec of an `lm` names a kind of model that does not exist, or no file. `pgl check` looks for the models that programs declare; a run may be given others (`--lm`).",
    'lm writer = "storis"',
  ),
  PGL3001: error("Type mismatch", "A value of one type stands where another is wanted.", 'const n: int = "three"'),
  PGL3002: error("Wrong argument", "An argument has another type than its parameter.", 'const n = sqrt("two")'),
  PGL3003: error("Missing argument", "A parameter without a default has no argument.", "const d = normal(0)"),
  PGL3004: error(
    "Too many arguments",
    "There are more arguments than parameters, or one is given twice.",
    "const a = sqrt(1, 2)",
  ),
  PGL3005: error("Wrong operand", "The operator is not defined for values of these types.", 'const a = "n = " + 3'),
  PGL3006: error(
    "Not a function",
    "Only functions, models and built-ins can be called.",
    "const a = 3\nconst b = a(1)",
  ),
  PGL3007: error(
    "Types that do not go together",
    "The elements of a list, or the branches of an `if` or `match`, have unlike types. Write the type where a union is meant.",
    'const xs = [1, "two"]',
  ),
  PGL3008: error("Not a distribution", "`~` and `sample` draw from a distribution.", "model m() { let x ~ 0.5 }"),
  PGL3009: error(
    "Observed value of another type",
    "The value observed is of a type that the distribution cannot yield.",
    'model m() { observe "heads" ~ bernoulli(0.5) }',
  ),
  PGL3010: error(
    "Missing return",
    "The body can end without the value that its result type promises.",
    "fn f(x: int): int { let y = x }",
  ),
  PGL3011: error("Wrong result", "The value returned is not of the result type.", 'fn f(): int { return "one" }'),
  PGL3012: error(
    "Result type needed",
    "Result types are inferred, but a function or model that calls itself, directly or in a circle, must have its written.",
    "fn f(n: int) = if n == 0 { 1 } else { f(n - 1) }",
  ),
  PGL3013: error(
    "Parameter type needed",
    "The types of parameters of `fn` and `model` are written; those of a lambda too, where nothing tells them.",
    "const f = x => x + 1",
  ),
  PGL3014: error(
    "Cases missing",
    "`match` must say what to do for every value.",
    "fn f(b: bool): int = match b { true => 1 }",
  ),
  PGL3015: error(
    "Pattern does not fit",
    "The pattern has another shape than the values it is compared with.",
    "model m() { let (a, b) = 3 }",
  ),
  PGL3016: error(
    "May be missing",
    "A value of type `T?` may be `none`. Say what then: `x ?? other`, `if x != none { … }`, `match`, or `unwrap(x)`.",
    "fn f(xs: list<int>): int = first(xs) + 1",
  ),
  PGL3017: error(
    "Not a truth value",
    "`if`, `while`, `condition`, `!`, `&&` and `||` take a `bool`.",
    "fn f(n: int): int = if n { 1 } else { 2 }",
  ),
  PGL3018: error("Weight is not a number", "`factor` and `twist` take a number of nats.", "model m() { factor true }"),
  PGL3019: error(
    "Not comparable",
    "Values of these types are never equal, or have no order.",
    'fn f(t: token): bool = t == "a"',
  ),
  PGL3020: error(
    "Cannot be indexed",
    "`[…]` takes a list and a whole number, a map and a key, or a tuple and a literal number.",
    'const a = "abc"[0]',
  ),
  PGL3021: error(
    "Cannot be gone through",
    "`for` goes through lists and ranges; a map's entries are `entries(m)`, a text's characters `chars(s)`.",
    "model m() { for x in 3 { step } }",
  ),
  PGL3022: error("Cannot be assigned", "Only a `var` can be assigned to.", "model m() { let x = 1; x = 2 }"),
  PGL3023: error(
    "Wrong type arguments",
    "`list`, `dist` and `posterior` take one type, `map` two, others none.",
    "fn f(x: list): int = 1",
  ),
  PGL3024: error(
    "Value missing without else",
    "An `if` whose value is used needs an `else`.",
    "const a = if 1 > 2 { 3 }",
  ),
  PGL3025: error(
    "No way of calling fits",
    "The function can be called in several ways, and the arguments fit none.",
    "const a = contains(3, 4)",
  ),
  PGL3026: error(
    "Not a value",
    "A member of a built-in type, or a function with several ways of calling it, must be called; write a lambda to pass it on.",
    "const f = contains",
  ),
  PGL3027: error(
    "Field missing",
    "A record lacks a field that its type has, or gives one twice.",
    "const p: { x: int, y: int } = { x: 1 }",
  ),
  PGL3028: error("Recursive type", "A type cannot contain itself.", "type Tree = { left: Tree? }"),
  PGL3029: error(
    "Wrong option",
    "The option of an inference method has a value of the wrong type or out of its range.",
    "query m() using smc(particles: 0)",
  ),
  PGL4001: error(
    "Draws or weighs in a deterministic place",
    "`fn`, `const`, defaults and the arguments of queries are deterministic. What samples, observes or weighs is a `model`, or a lambda passed to one.",
    "fn f(): bool = sample bernoulli(0.5)",
  ),
  PGL4002: error(
    "Waits in a place that cannot",
    "Constants, defaults, the arguments of queries and the options of methods are computed at once: they cannot ask a language model or wait for a host function.",
    'lm w = "stories"\nconst a = w.score("Once")',
  ),
  PGL4003: error(
    "Not a model",
    "`infer`, `query` and `proposal … for` take the name of a `model`.",
    "fn f(): int = 1\nquery f()",
  ),
  PGL4004: error(
    "No such draw in the model",
    "A named draw in a proposal proposes for the draw of the same name in its model. An auxiliary draw is written `let x = sample D`.",
    "model m() { let a ~ bernoulli(0.5) }\nproposal g for m { let b ~ bernoulli(0.5) }",
  ),
  PGL4005: error(
    "Proposal of another type",
    "A proposal must yield values of the type that the model draws.",
    "model m() { let a ~ bernoulli(0.5) }\nproposal g for m { let a ~ normal(0, 1) }",
  ),
  PGL4006: error(
    "Proposal weighs",
    "A proposal draws; it cannot observe, condition, weigh or twist.",
    "proposal g for m { factor 1.0 }",
  ),
  PGL4007: error(
    "Not a proposal for this model",
    "`proposal:` takes the name of a `proposal` written for the model that is run.",
    "query m() using smc(proposal: other)",
  ),
  PGL4008: error(
    "Parameters of a proposal differ",
    "A proposal has the parameters of its model, or none.",
    "model m(x: int) { }\nproposal g(y: string) for m { }",
  ),
  PGL4009: error(
    "Function must be plain",
    "This place takes a function that neither draws nor waits.",
    "sort_by(xs, x => sample bernoulli(0.5))",
  ),
  PGL4010: error(
    "Assigns to a captured variable",
    "A lambda keeps the value that a `var` had when the lambda was made; assigning from inside cannot reach the outer variable.",
    "var n = 0\neach(xs, x => { n = n + 1 })",
  ),
  PGL4011: error(
    "Outside a loop",
    "`break` and `continue` belong to a `for` or `while` of the same function.",
    "model m() { break }",
  ),
  PGL4012: error("Return outside a function", "`return` ends a function, model or lambda.", "const a = { return 1 }"),
  PGL4013: error(
    "Invalid regular expression",
    "The pattern is not a regular expression of JavaScript.",
    "condition s matches /(/",
  ),
  PGL4015: error(
    "Continuous draw under an exact method",
    "Exact methods, such as `enumerate`, visit every value of every draw; a continuous draw has too many. Use `importance` or `smc`.",
    "model m() { let x ~ normal(0, 1) }\nquery m() using enumerate()",
  ),
  PGL4016: error(
    "Not available for this distribution",
    "The operation needs a distribution whose values can be listed; texts and continuous distributions are conditioned on instead.",
    "const d = normal(0, 1).where(x => x > 0)",
  ),
  PGL4017: error("Impossible parameter", "No such distribution, range or length exists.", "const d = normal(0, -1)"),
  PGL4018: error(
    "Not a language model",
    "A constraint that counts tokens needs the `lm` whose tokens it counts.",
    "condition s matches tokens(1..3, 4)",
  ),
  PGL4019: error(
    "Discrete draw under a gradient method",
    "`hmc` and `nuts` follow the gradient of the density; discrete draws and draws of a language model have none. Use `mh` or `smc`.",
    "model m() { let x ~ bernoulli(0.5) }\nquery m() using hmc()",
  ),
  PGL4030: error(
    "Not in a twist",
    "A `twist … for` a model declares variables (`let`, `var`), and says by `on x { … }` what is done after the model's draw `x`: compute, assign, `twist`. It neither draws nor weighs otherwise, and returns nothing.",
    "model m() { let a ~ bernoulli(0.5) }\ntwist t for m { on a { factor 1.0 } }",
  ),
  PGL4031: error(
    "Twist of a model elsewhere",
    "A `twist … for` is written in the file of its model.",
    'import { m } from "./other.pgl"\ntwist t for m { }',
  ),
  PGL4032: error(
    "No such draw to twist after",
    "`on x` names a draw of the model's own body, as `let x ~ …`; draws of functions inside of it and of models it calls are theirs.",
    "model m() { let a ~ bernoulli(0.5) }\ntwist t for m { on b { twist 1.0 } }",
  ),
  PGL4033: error(
    "Not a twist for this model",
    "`twist:` takes the name of a `twist` written for the model that is run.",
    "query m() using smc(twist: other)",
  ),
  PGL4034: error(
    "Not the file it should be",
    '`twist NAME = "FILE"` names a file that `pgl train` has written, `surrogate:` of an `lm` one of `pgl distill`.',
    'twist ahead = "notes.json"',
  ),
  PGL4035: error(
    "Twist of another draw",
    "A learned twist knows what comes after one text of a program: it is for the draw of that name.",
    'twist ahead = "twists/x.json"  // learned for `x`\nmodel m() { let y ~ writer.text(after: "", twist: ahead) }',
  ),
  PGL4020: error(
    "No such draw",
    "An option that takes names of draws names draws of the model that is run: the variables of its `let x ~ …`.",
    'model m() { let x ~ bernoulli(0.5) }\nquery m() using mh(sites: ["y"])',
  ),
  PGL4021: error(
    "Parameter not drawn first",
    "Methods that run particles within parameters need the parameters drawn before all other draws of the model.",
    'model m() { let x ~ bernoulli(0.5); let a ~ uniform(0, 1) }\nquery m() using pmmh(parameters: ["a"])',
  ),
  PGL4023: error(
    "Not known when compiling",
    "A schema or a grammar is part of the program: written in it, or in a file beside it.",
    "model m(s: string) { condition s matches json(s) }",
  ),
  PGL4024: error(
    "Invalid schema or grammar",
    "The JSON schema or the grammar is malformed, not supported, contradicts itself or is too large; the message names the place.",
    'condition s matches json({ type: "float" })',
  ),
  PGL4025: error(
    "Contradictory constraints",
    "No text satisfies what is asked of one: a constraint, or several together on the same text. The message names the parts that contradict each other.",
    'model m(s: string) { observe s matches /a+/ and contains("b") }',
  ),
  PGL4026: error(
    "Constraint cannot guide",
    "A constraint that is given to a draw needs more states than are allowed, or has a part that no automaton can check. `observe … matches` asks the finished text.",
    'let t ~ writer.text(after: "", matching: /(.)\\1/)',
  ),
  PGL5001: warning(
    "Unused variable",
    "The variable is never read. A name that begins with `_` says that this is meant.",
    "model m() { let x = 1 }",
  ),
  PGL5002: warning("Unused import", "The imported name is never used.", 'import { f } from "./judges.ts"'),
  PGL5003: warning(
    "Unreachable code",
    "The statement before always leaves the block.",
    "fn f(): int { return 1; let x = 2 }",
  ),
  PGL5004: warning(
    "Unreachable case",
    "Earlier cases already cover everything that this one would.",
    "match b { _ => 1, true => 2 }",
  ),
  PGL5005: warning(
    "Always impossible",
    "The condition is false whatever is drawn: nothing can be inferred.",
    "model m() { condition 1 > 2 }",
  ),
  PGL5006: warning(
    "Empty range",
    "The range has no numbers in it, so that the loop never runs.",
    "for i in 5..0 { step }",
  ),
  PGL5007: warning(
    "Distribution not drawn from",
    "A distribution is shown or thrown away where a drawn value was probably meant.",
    "model m() { bernoulli(0.5) }",
  ),
  PGL5008: warning(
    "Value thrown away",
    "The expression has no effect, and its value is not used.",
    "model m() { 1 + 2 }",
  ),
  PGL5009: warning(
    "Never none",
    "The value cannot be `none`, so that the test or alternative is of no use.",
    "fn f(x: int): int = x ?? 3",
  ),
  PGL5010: warning(
    "Text not guided",
    "A text that a loop draws token by token is asked, when it is finished, to match a constraint. The answer is right, and nearly all executions may die there: only texts that a program draws as one are guided to what is asked of them. Draw it by `lm.text(after: …, matching: …)`, or say by `twist` in the loop, or by a `twist … for` the model, where the tokens are to go.",
    'model m() { var c = w.context("")\n  for _ in 0..9 { let t ~ w.next(c); c = c + t }\n  condition c.text matches /[A-Z].*/ }',
  ),
} as const satisfies Record<string, DiagnosticKind>;

export type Code = keyof typeof catalogue;
