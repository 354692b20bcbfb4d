/** One kind of error or warning of a run: what documentation and `pgl explain CODE` say about it. */
export interface RunCode {
  readonly title: string;
  /** What it means and what to do about it. */
  readonly explanation: string;
}

const code = (title: string, explanation: string): RunCode => ({ title, explanation });

/**
 * Every error and warning that comes after compiling, by code. PGLR… the run of a program, PGLW… warnings of a run, PGLM…
 * language models, PGLX… learning twists, PGLC… constraints, PGLT… the library, PGLL… loading programs and what they import,
 * PGLA… arguments. What the compiler reports is in its own catalogue.
 */
export const runCodes = {
  PGLA001: code(
    "Argument does not fit",
    "An argument given in JSON or from TypeScript is not of the type that the model declares. The message names the place in the argument and what is wanted there.",
  ),

  PGLC001: code(
    "Not a regular expression",
    "The pattern cannot be read, or has a flag without meaning here: a constraint looks at the whole text. Its flags are i, m, s, u and v.",
  ),
  PGLC002: code(
    "Not a range",
    "`chars`, `words`, `tokens`, `count` and `repeated` take a range of whole numbers, the smaller first and none negative; `int`, `number` and `decimal` any range, the smaller end first.",
  ),
  PGLC003: code(
    "Not a constraint",
    "`and`, `or` and `not` combine constraints. A string becomes one as `text`, a regular expression as `regex`.",
  ),
  PGLC004: code(
    "Not a text",
    "`matches` looks at strings, tokens and contexts. Make a string of other values first: `string(x)`.",
  ),
  PGLC005: code(
    "Tokens without a model",
    "How many tokens a text has depends on the language model of a run. From TypeScript pass the run's environment to `test`.",
  ),
  PGLC006: code(
    "Constraint too large",
    "The constraint needs more states than are allowed, most often because of large bounds in `{n,m}`. Bound repetitions more tightly, say the same in several smaller constraints, or raise the limit: PGL_CONSTRAINT_STATES.",
  ),
  PGLC007: code(
    "Not supported in a regular expression",
    "The pattern has a part that cannot be followed while a text is drawn, as a reference back to a group or a property of strings. Write the alternatives out, or check the finished text by `condition`.",
  ),
  PGLC009: code(
    "Argument of a constraint makes no sense",
    "`phrases`, `in_order`, `count` and `without_words` need strings of at least one character, `date` a format with fields of a date, each at most once.",
  ),
  PGLC010: code(
    "A predicate contradicts itself",
    "The functions of `predicate` answer true or false, and `prefixPossible` says true of each beginning of every text that `complete` says true of, itself included.",
  ),
  PGLC020: code(
    "Grammar cannot be read",
    "The text of a grammar has a mistake. The message shows the place and what is expected there.",
  ),
  PGLC021: code(
    "Rule too large",
    "A rule of a grammar needs too many states. Bound its repetitions by smaller numbers.",
  ),
  PGLC022: code(
    "No such rule",
    "A grammar uses a rule, terminal or import that it does not define, or defines one twice. The message names it and what it may be.",
  ),
  PGLC023: code(
    "Rule without texts",
    "No text matches a rule or terminal of the grammar, because each of its options leads back to it. Give it an option that ends.",
  ),
  PGLC024: code(
    "Not possible in a terminal",
    "Terminals are regular: they cannot contain rules or themselves. Write what uses a rule as a rule, with a name in small letters.",
  ),
  PGLC030: code(
    "Schema cannot be read",
    "A JSON schema refers to what is not in the document, or uses a format that is not supported. The message names the place in it. Put what is referred to under `$defs`: nothing is fetched.",
  ),
  PGLC031: code(
    "Schema has a mistake",
    "A JSON schema refers to itself without anything in between, or has a pattern that is no regular expression. The message names the place in it.",
  ),
  PGLC032: code(
    "Schema cannot be recognised",
    "A part of a JSON schema cannot be followed while a text is drawn, as `uniqueItems` under `not`, or options of `oneOf` that overlap. Use `anyOf`, or tell the options apart.",
  ),
  PGLC033: code(
    "Schema without values",
    "No JSON value satisfies the schema: what the message names contradicts itself, or needs itself without end.",
  ),
  PGLC034: code(
    "Schema too large",
    "The choices of a JSON schema combine to too many shapes, or a `multipleOf` needs too many states. Write fewer `anyOf` and `oneOf` beside each other, or numbers with fewer digits.",
  ),
  PGLC035: code("Unknown style of JSON", "JSON is written in one of a few styles; the message lists them."),

  PGLL001: code(
    "Host module not found",
    "A file or package that a program imports does not exist. Mind the path, or install the package.",
  ),
  PGLL002: code(
    "Host module could not be loaded",
    "The module that a program imports failed while it was loaded; the cause is in the message. Run it by itself to see more, as with `npx jiti file.ts`.",
  ),
  PGLL003: code(
    "Host export missing",
    "A host module does not export what the program imports from it. The message lists what it exports.",
  ),
  PGLL004: code(
    "Compiled code could not be evaluated",
    "The program compiles, but the code made of it failed while it was loaded, most often in a constant. The cause is in the message.",
  ),
  PGLL005: code(
    "Module is not part of the program",
    "Compiled code asks for a module that was not compiled with it. Compile the program anew.",
  ),
  PGLL006: code("Program cannot be read", "The file of a program does not exist or may not be read."),

  PGLM001: code(
    "Unknown kind of language model",
    "A spec names a kind that does not exist, or no file. As in `stories`, `table:model.json`, `ngram:model.json`, `onnx:folder`.",
  ),
  PGLM002: code(
    "Kind of model of a later version",
    "Models of this kind are not supported yet. The message lists those that are.",
  ),
  PGLM003: code(
    "Model file cannot be read",
    "Paths of models are relative to the program that names them, or to the working folder on the command line.",
  ),
  PGLM004: code(
    "Not a valid model file",
    "The file exists, and its content is not that of a model. The message names the place in it.",
  ),
  PGLM005: code(
    "Table without a row",
    "A table model has come to a context for which it has no row. Add the row: contexts that end so come up.",
  ),
  PGLM006: code(
    "Context too long",
    "The prompt and what is drawn have more tokens than the model reads. Shorten the prompt, lower `max_tokens`, or use a model with a longer context.",
  ),
  PGLM007: code(
    "Model answers wrongly",
    "A model has returned numbers that are no log-probabilities of its tokens: too few, too many, NaN or infinite. It is a fault of the model or its adapter.",
  ),
  PGLM008: code(
    "Text cannot be spelt",
    "No sequence of the model's tokens spells the text. Use text made of its tokens, or a model with a byte-level vocabulary.",
  ),
  PGLM009: code(
    "No token left",
    "Every token that may come next has probability zero, because of the model or of a mask such as `where`. Loosen the mask.",
  ),
  PGLM010: code(
    "Token of another vocabulary",
    "A token belongs to another model than the one it is used with, or the model has no end token. Go by way of its text.",
  ),
  PGLM011: code(
    "No chat template",
    "The model was not trained on conversations, so that `chat` has no format for them. Write the prompt as text to be continued.",
  ),
  PGLM012: code(
    "Wrong argument of a language model",
    "An option or argument of a language model's operation is not what it must be. The message names it.",
  ),
  PGLM013: code(
    "Nothing to stop at",
    "`must_stop` asks for a proper ending, and the model has no end token and the draw no stop string. Give `stop_at` or `stop_before`.",
  ),
  PGLM014: code(
    "Cannot be proposed for a text",
    "A draw of a language model takes proposals of its own kind only: texts for texts with the same vocabulary, tokens for tokens, strings for choices.",
  ),
  PGLM015: code(
    "Model was freed",
    "A language model is used after `dispose` or `unloadLanguageModels`. Load it again.",
  ),
  PGLM016: code(
    "Engine failed",
    "The engine that runs the model failed; the cause is in the message. If memory ran out, use fewer particles or shorter texts.",
  ),
  PGLM017: code(
    "Cannot guide a text",
    "A constraint that is to mask or guide a text token by token cannot do so, or the text has a mask already. Combine constraints: `A and B`. Condition on the finished text by `observe … matches` otherwise.",
  ),
  PGLM018: code(
    "Cannot be multiplied",
    "Products of language models are of distributions of one kind: next tokens with next tokens, or texts with texts that stop by the same rule. A part is neither masked nor twisted by itself, and conditioned (`matching:`) only with a positive exponent.",
  ),
  PGLM019: code(
    "Twist of another model",
    "A twist or a surrogate was made for a model with other weights, other tokens or other arguments, or for one that gives the probabilities of all tokens. Make one for this model: `pgl distill`, `pgl train`.",
  ),
  PGLM020: code(
    "Cannot look ahead",
    "A surrogate twists texts that are conditioned on a constraint, with an automaton that is not too large. Give `matching:`, or lower `max_tokens`.",
  ),
  PGLM021: code(
    "Cannot be distilled",
    "A surrogate is distilled from the probabilities of all tokens, which this model does not give.",
  ),
  PGLM022: code(
    "No files of twists",
    "The program names a twist by its file, and what runs it reads none. Run it by `infer`, `run` or `pgl run`.",
  ),
  PGLM025: code(
    "No hidden states",
    "A hidden state of a model was asked for that gives none: tables, n-gram models and models behind a server do not; models exported to ONNX with an output `hidden` do.",
  ),

  PGLR001: code(
    "Not a function",
    "Something that is called is not a function: a host function may have returned it in place of one.",
  ),
  PGLR002: code(
    "Host function failed",
    "A TypeScript function that the program calls threw, rejected, or returned what its declared type does not allow. The cause and the line of the call are in the message.",
  ),
  PGLR003: code(
    "Proposal out of order",
    "A whole-trace proposal draws a text before the model comes to it. Proposals for texts must come in the model's order.",
  ),
  PGLR004: code(
    "Proposal weighs",
    "A proposal may draw, and not observe, condition, weigh or twist. Leave that to the model.",
  ),
  PGLR005: code("The program called fail", "`fail(message)` was reached. The message is the program's own."),
  PGLR006: code(
    "Proposal of another kind",
    "A distribution is proposed for a draw of a language model, or the other way round. Propose something of the same kind.",
  ),
  PGLR007: code(
    "Service missing",
    "The run has no language model for an alias of the program. Pass one: `--lm writer=stories`, or `{ lms: { writer: … } }`.",
  ),
  PGLR008: code("Not a seed", "Seeds of random sources are whole numbers."),
  PGLR010: code(
    "Impossible parameter",
    "A distribution is made with a parameter for which it does not exist, as a negative standard deviation. The message names the parameter and what it must be.",
  ),
  PGLR020: code("Not a level", "The level of a quantile is between 0 and 1."),
  PGLR021: code(
    "Posterior is empty",
    "Something is asked of a posterior in which nothing has weight: every execution ended at a condition. It may be impossible, or too rare for this many executions; PGLW003 says where.",
  ),
  PGLR022: code(
    "Value is not a number",
    "A mean, variance or quantile is asked of values that are not numbers. Pass a function that makes one of them.",
  ),
  PGLR023: code(
    "Posterior without randomness",
    "A posterior made by hand has nothing to draw from. Pass a source: `sample(seeded(1))`.",
  ),
  PGLR024: code(
    "Signed weights",
    "A method of signed weights gives unbiased expectations, and no distribution: it cannot be drawn from and has no quantiles, entropy or densities. Use more samples, or a method of positive weights.",
  ),
  PGLR030: code(
    "Option out of range",
    "An option of an inference method has a value that it cannot take. The message names the option and what it must be.",
  ),
  PGLR032: code(
    "Weight above the bound",
    "`rejection` accepts in proportion to exp(weight − bound), so that no weight may exceed the bound. Pass a larger `bound`, or use `importance` or `smc`.",
  ),
  PGLR033: code("Not a limit", "Limits of a run, such as `max_time`, are numbers above 0."),
  PGLR034: code(
    "Unknown option of a method",
    "The inference method has no option of that name. The message lists those it has.",
  ),
  PGLR035: code(
    "No log Z",
    "`log_z` is asked of a posterior whose method does not estimate it: Markov chains know the posterior only up to its constant. Infer with `smc`, `importance` or `enumerate`.",
  ),
  PGLR040: code(
    "Continuous draw under enumerate",
    "`enumerate` visits every value of every draw; a continuous draw has too many. Use `importance` or `smc`, or a discrete distribution.",
  ),
  PGLR041: code(
    "No order",
    "Values of different or unordered kinds are compared. Use `sort_by` with a key that has an order.",
  ),
  PGLR042: code("Too many values", "The values of a distribution are to be listed, and there are too many of them."),
  PGLR050: code(
    "Index or key missing",
    "An index is outside of a list, or a key is not in a map. `get(m, k)` gives `none` where a key is missing.",
  ),
  PGLR051: code(
    "Wrong kind of value",
    "A built-in function was given a value of a kind it does not work on, most often one that a host function returned.",
  ),
  PGLR052: code(
    "No such moment",
    "A mean or variance is asked of a distribution whose values are not numbers, or of a mixture with a part that has none.",
  ),
  PGLR053: code(
    "Log-weight is not a number",
    "A log-weight is NaN or +Infinity. It is a number of nats below +Infinity; -Infinity stands for a weight of zero.",
  ),
  PGLR054: code("Nothing to resample", "A resampling scheme was given weights that are all zero."),
  PGLR055: code(
    "Not available for this distribution",
    "The operation is not defined for distributions of this kind: their values are not numbers, or they have no quantiles or gradients.",
  ),
  PGLR056: code(
    "Cannot be made of these distributions",
    "The operation needs a distribution whose values can be listed, or distributions that can be mixed. Draw and say `condition`, or draw first which of them it is.",
  ),
  PGLR057: code(
    "Out of range",
    "A built-in function or operator was given a number it has no result for: a division by zero, a level of a quantile beyond 1, a length that is negative or too long.",
  ),
  PGLR058: code(
    "String is not a number",
    "`int` or `float` was given a string that is none. `parse_int` and `parse_float` give `none` for such strings.",
  ),
  PGLR059: code(
    "Nothing there",
    "`unwrap` was given `none`, or `max`, `min` or `mean` an empty list. `x ?? other` gives a value in place of `none`; test `len(xs) > 0` first.",
  ),
  PGLR060: code(
    "Recursion too deep",
    "Models call each other more deeply than `max_recursion`. Is there a case that ends the recursion?",
  ),
  PGLR061: code(
    "Execution too long",
    "An execution has taken more operations than `max_operations`. Does a loop never end?",
  ),
  PGLR062: code(
    "Weight is not a number",
    "A `factor`, `observe` or `twist` weighs by NaN or +Infinity. -Infinity rules an execution out.",
  ),
  PGLR063: code(
    "Answers missing",
    "A handler of requests returned another number of answers than it was asked for. It is a fault of the handler.",
  ),
  PGLR064: code(
    "Rows do not fit",
    "Rows of log-weights are given with sizes that do not fit each other. It is a fault of the caller.",
  ),
  PGLR065: code(
    "Unknown tensor engine",
    "The environment variable PGL_TENSORS names an engine that does not exist. Without it the best that works is taken.",
  ),
  PGLR066: code(
    "Tensor engine does not work",
    "The engine that PGL_TENSORS asks for is not installed or failed. Install it, or unset PGL_TENSORS.",
  ),
  PGLR067: code(
    "Trace is over",
    "A trace is asked for after the run has gone on. Call `listTrace` when you get it, and keep that.",
  ),
  PGLR070: code(
    "Derivative lost",
    "A number was taken out of the reach of differentiation, as by a host function. `hmc` and `nuts` fall back to differences by themselves.",
  ),
  PGLR071: code(
    "Executions differ in their draws",
    "`hmc` and `nuts` move a fixed set of variables, and which draws the program makes depends on their values. Use `mh` or `smc`.",
  ),
  PGLR072: code(
    "Discrete draw under a gradient method",
    "`hmc` and `nuts` follow gradients, and the program makes a discrete draw. Sum it out by hand as a mixture, or use `mh`, `gibbs` or `smc`.",
  ),
  PGLR073: code(
    "Density is random",
    "`hmc` and `nuts` need a density that is a function of the draws, and an inference inside the program gives a random answer. Use an exact method inside, or `mh` outside.",
  ),
  PGLR080: code(
    "No journal",
    "What a particle consumed is asked for, and it keeps no journal. Call `startJournal` before it runs.",
  ),
  PGLR081: code(
    "Cannot be replayed with a proposal",
    "Methods that run an execution again cannot do so under a whole-trace proposal. Leave `proposal` away; proposals at the draws (`let x ~ D proposal Q`) are fine.",
  ),
  PGLR082: code(
    "Kernels cannot be combined",
    "`mixture`, `repeat` or `cycle` of Markov kernels was given no kernel, or weights or times that are none.",
  ),
  PGLR083: code(
    "Sites do not fit the kernel",
    'The kernel "block" needs `sites`, the draws that it draws again; other kernels take none.',
  ),
  PGLR085: code(
    "Parameters not drawn first",
    "`pmmh` and `smc2` need the draws named in `parameters` made before all other draws, in every execution. Draw them at the beginning of the model.",
  ),
  PGLR087: code(
    "Weights inside cannot be divided",
    "`nested` met a model inside that both infers and weighs: the signed weights of its executions cannot be divided by their sum. Infer the innermost model exactly, or use another method outside.",
  ),
  PGLR088: code(
    "Too many draws inside",
    "`nested` wanted more draws for one inference than memory holds, which a larger `rate` makes less likely.",
  ),
  PGLR089: code(
    "No exact draws of the posterior",
    "`evidenceBounds` needs executions drawn exactly from the posterior, and the program has none of the kind asked for, or those given are not executions of it.",
  ),
  PGLR090: code(
    "Too many states",
    "`marginal`, `map`, `mmap` or `plan` has met more than `max_states` states. What later draws, weights or the result depend on keeps executions apart: keep less of the past, raise `max_states`, or use `smc`.",
  ),
  PGLR091: code(
    "Endless executions",
    "An execution can come back to the state it was in, so that there are infinitely many. Bound the loop, or use `enumerate`, which stops at `tolerance`.",
  ),
  PGLR092: code(
    "Program is not repeatable",
    "Run again on the same values, the program did something else. Does a host function give different answers to the same arguments?",
  ),
  PGLR093: code(
    "Too many values for elimination",
    "`marginal`, `map`, `mmap` and `plan` go through every value of every draw, and a draw has infinitely many. Use `importance` or `smc`.",
  ),
  PGLR094: code(
    "Random answer in an exact method",
    "The program infers with a sampling method inside of an exact one. Use an exact method inside too: `infer … using marginal()`.",
  ),
  PGLR095: code(
    "Ended before the answer",
    "`marginal`, `map`, `mmap` and `plan` have nothing to show before they have seen all. Give them more time, or use `smc` or `enumerate`.",
  ),
  PGLR096: code(
    "No execution makes the draw",
    "An option names a draw that no execution came to. A draw that nothing reads may have been left out by the compiler's pass `dead-samples`.",
  ),
  PGLR097: code(
    "Decision restricted",
    "The compiler has put a condition into the distribution of a decision. Compile without that pass: `--no-pass restricted-draws`.",
  ),
  PGLR098: code(
    "Zero to a negative power",
    "A value that the product can give has probability zero under a part with a negative exponent, which would make it infinitely likely. Leave `top_k`, `top_p` and `where` away from such a part, or mix it with a distribution that can give everything.",
  ),
  PGLR099: code(
    "No product to draw from",
    "A product needs a part with a positive exponent, from which its values can come, and endless distributions must have a product with a sum that can be found.",
  ),

  PGLR100: code(
    "Cannot be simulated",
    "`pgl calibrate` draws what a program observes together with its result. `observe v ~ D` says how; a `factor` says only how much an execution counts, so there is nothing to draw. Where the factor is the density of something, observe that instead.",
  ),
  PGLR101: code(
    "The number of observations is drawn",
    "To calibrate a program its simulated observations are put in place of its own, one for one, by statement and visit. That needs every execution to observe equally often in the same places.",
  ),
  PGLR102: code(
    "Conditions hardly ever hold",
    "A program is simulated by drawing executions from its prior until its conditions hold. They held in none of very many. Loosen the condition, or calibrate the part of the program before it.",
  ),
  PGLR110: code(
    "Option of a distillation",
    "A surrogate cannot be distilled with such an option: the message says what it may be.",
  ),
  PGLR103: code(
    "Method without a posterior to test",
    "`pgl calibrate` compares posteriors with simulated results. Methods that find a maximum have none, and elimination puts executions together that observe in different places; enumerate gives the same posterior.",
  ),
  PGLR104: code(
    "Method that bounds nothing",
    "`pgl compare` compares bounds of log Z, which are made of unbiased estimates of Z that are never negative. Exact methods need no bounds, and chains and `nested` have no such estimate: compare `smc`, `importance`, `alive`, `tempered`, `annealed`, `smc2` or `dc_smc`.",
  ),
  PGLR105: code(
    "Repeated runs were ended",
    "A certificate or a comparison repeats runs, and was ended by a limit or an interrupt before it had made them. Give it more time, or want fewer repetitions.",
  ),

  PGLT000: code(
    "Not a program",
    "A step of a program written in TypeScript returned something else. Wrap a plain value in `pure(value)`, or use `.map`.",
  ),
  PGLT001: code("Condition is not true or false", "`condition` in TypeScript takes a boolean. Compare explicitly."),
  PGLT002: code(
    "Not a distribution",
    "`sample` or `observe` in TypeScript was given something else, as a plain number.",
  ),
  PGLT003: code("Not a number of times", "`repeat` takes a whole number of times."),
  PGLT004: code(
    "Draws not named",
    'A model written in TypeScript serves as a proposal and does not say what it draws: `model(name, …, { draws: ["x"] })`.',
  ),
  PGLT010: code("Not a seed", "A seed is a whole number from 0 to 2^53 − 1."),
  PGLT011: code(
    "Function calls itself too deeply",
    "Is there a case that ends the recursion? A model may recurse without bound; a deterministic `fn` may not.",
  ),
  PGLT012: code(
    "Program failed",
    "The code of the program threw an error that is not one of PGL. The cause is in the message.",
  ),
  PGLT013: code(
    "Ended too early",
    "The run was ended before its first step, so that there is nothing to show. Give it more time.",
  ),
  PGLT014: code(
    "No answer",
    "A host function does not answer: the run was ended while it waited, or nothing is left that could answer. The message names the function.",
  ),
  PGLT016: code("No such model", "The program has no model of that name."),
  PGLT017: code("Alias without a model", "A language model alias was made without a model or a spec."),
  PGLT020: code(
    "Not a method",
    "The text given as a method, as by `--using`, cannot be understood. The message shows the place. It is written as after `using`.",
  ),
  PGLT021: code(
    "No particles",
    "The method has no number of particles that could be changed. Choose another, as `smc(particles: 100)`.",
  ),
  PGLT022: code(
    "Run of a comparison ended by a limit",
    "A comparison repeats whole runs. One of them reached a limit on time or steps before its end, and its estimate bounds nothing. Raise the limit or lower the budgets.",
  ),
  PGLT030: code("Cannot stand in a program", "A value interpolated into a `pgl` template has no counterpart in PGL."),
  PGLT040: code(
    "No such model for a surrogate",
    "A surrogate is given for the name of a language model that the program does not declare.",
  ),
  PGLT031: code(
    "Value in a regular expression",
    "A value of the template cannot stand inside of a regular expression. Give it a name by `let` or `const`, and write `${name}` in the expression.",
  ),
  PGLT032: code(
    "Not a signature",
    'The text that declares a host function is no signature. As in `host("(string, int) -> float", f)`.',
  ),

  PGLW001: code(
    "Proposal does not cover the draw",
    "A proposal cannot draw a value that the distribution can. What it cannot draw is missing from the posterior, and log Z is too small. Propose from something wider, as a mixture with the distribution itself.",
  ),
  PGLW002: code(
    "Twist rules nothing out",
    "A twist of -Infinity would lose the execution, although twists are taken back later; it keeps its place. To rule it out, use `condition` or `factor`.",
  ),
  PGLW003: code(
    "Every execution had weight zero",
    "No execution got past its conditions. The message says where the last one ended, and after how many steps. The condition may be impossible; if it is only rare, use more particles, weigh earlier by `twist`, propose, or use `alive`.",
  ),
  PGLW004: code(
    "Few executions carry all the weight",
    "The effective sample size is small, so that estimates rest on few different executions. Use more particles, a proposal or a twist, or `tempered`.",
  ),
  PGLW005: code(
    "Attempts used up",
    "`rejection` or `alive` gave up after `max_attempts`: what was asked for is too rare. Allow more, or use `smc` with a twist or a proposal.",
  ),
  PGLW006: code(
    "Enumeration stopped early",
    "Executions were left out, because of `max_traces` or `tolerance`. The message says how much prior probability they have; log Z is that of what was visited.",
  ),
  PGLW007: code(
    "Draw from an empty posterior",
    "An inference inside of the program found nothing of positive weight, and its posterior is drawn from. The execution that draws has weight zero.",
  ),
  PGLW008: code(
    "Run ended early",
    "The run was interrupted or came to a limit. What is shown is what there was by then; the message says what is missing.",
  ),
  PGLW009: code(
    "Chains that do not move",
    'Chains never accepted a step: what they show is their first execution. Draws tied together by a condition must change together: use the kernel "suffix" or "block", or `smc` or `gibbs`.',
  ),
  PGLW010: code(
    "Divergent trajectories",
    "Where the density bends sharply, `hmc` or `nuts` could not follow it and may miss a part of the posterior. Draw variables that scale others in a form that does not (`x = mean + sd * z`), or raise `target_accept`.",
  ),
  PGLW011: code(
    "Chains have not mixed",
    "R-hat is above 1.01: the chains, or the halves of one, do not agree yet. Use more samples, another kernel or parametrisation, more particles, or `parallel_tempering` where modes lie apart.",
  ),
  PGLW012: code(
    "Gradients by differences",
    "The program does something that cannot be differentiated, as calling a host function, so that gradients take two runs for each variable. The answer is no less exact; it takes longer.",
  ),
  PGLW013: code(
    "No density there",
    "A trajectory came to values for which the program fails or has an impossible parameter; they count as density zero. Where this happens often, restrict what is drawn.",
  ),
  PGLW014: code(
    "Temperatures too far apart",
    "Chains of `parallel_tempering` at neighbouring temperatures seldom exchange their executions, so that what hot ones find does not reach the cold one. Use more `rungs`, or a lower `max_temperature`.",
  ),
  PGLW015: code(
    "One ancestor",
    "After resampling, all particles descend from one of the first, so that what the program draws early rests on a single draw, whatever the ESS. It does not matter to an answer that depends on late draws only, as of a filter. Otherwise use more particles, a twist that looks ahead, `islands`, or `particle_gibbs`.",
  ),
  PGLW016: code(
    "No independent parts",
    "`dc_smc` found no `independent(…)` before the first draw of the program, and ran it as `smc` does. Declare parts, `let (a, b) = independent(() => …, () => …)`, or use `smc`.",
  ),
  PGLW017: code(
    "Negative weights",
    "Some weights of `nested` are negative: means and probabilities are unbiased, but this is no distribution to draw from, and has no quantiles. More samples make the negative ones matter less.",
  ),
  PGLW018: code(
    "Local product",
    "What is drawn from `.local()` of a product is drawn from another distribution than the product: normalised token by token, it does not look ahead to where the parts agree, and only approximates the product. Leave `.local()` away to have the product's own law, by weights.",
  ),
  PGLW019: code(
    "Drawn under a local mask",
    "What is drawn from `.masked(C)` satisfies the constraint, but is not distributed as the model's texts that do: each token is renormalised, so that a beginning keeps its share however unlikely its endings are. Use `matching: C` or `observe … matches C` to condition.",
  ),
  PGLW020: code(
    "Drawn without looking ahead",
    'A text is conditioned on a constraint, or weighed after it is drawn, and a surrogate was given to look ahead with; but with this constraint or weight and `max_tokens` that would take too much, or the program makes new ones in every execution, or the weight is none. The answer is as right as it would be, with more variance. Lower `max_tokens`, simplify the constraint, or distil a smaller surrogate (`pgl distill --entries`); `twist: "none"` says that it is meant.',
  ),
  PGLW021: code(
    "Twist not used",
    "A run is given a learned twist (`--twist`) for a draw that has one in the program (`twist:`), which comes first.",
  ),
  PGLW030: code(
    "Maximum shown in part",
    "The maximum was found, but the executions that attain it return more values than `max_states` allows. The most probable one is shown. Return less, or raise `max_states`.",
  ),

  PGLX001: code(
    "Drawn more than once",
    "`pgl train` learns a twist for a text that an execution draws once. Give the draws names of their own, or train for another.",
  ),
  PGLX002: code(
    "Nothing to learn from",
    "The model draws no text of that name, or several and none is named (`--draw`), or no execution of many had a weight above zero. Weigh with a `factor` in place of ruling out, or give the text a constraint that guides it (`matching:`).",
  ),
  PGLX003: code(
    "Training has diverged",
    "The loss became infinite or not a number, as by weights of the program that are very large.",
  ),
  PGLX004: code(
    "Not the file of a twist",
    "A file of `pgl train`, or its checkpoint, cannot be read, is cut, or belongs to another program, draw or model.",
  ),
  PGLX005: code(
    "Cannot be simulated",
    "`--simulate` draws what the program observes, which must be one of its arguments, as `observe end ~ …` with a parameter `end`. Without it executions are weighed instead.",
  ),
} as const satisfies Readonly<Record<string, RunCode>>;
