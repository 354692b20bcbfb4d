/** One factor a token, the context built by the program. */
export const tokenByToken = `
lm words = "bench"

model draft(tokens: int): string {
  var ctx = words.context("")
  for i in 0..tokens {
    let tok ~ words.next(ctx)
    factor 0.1 * float(len(tok.text))
    ctx = ctx + tok
  }
  return ctx.text
}
`;

/** The same law of the text, drawn by `text`: each token is a resampling point, and one factor weighs the whole. */
export const span = `
lm words = "bench"

model draft(tokens: int): string {
  let s ~ words.text(after: "", max_tokens: tokens)
  factor 0.1 * float(len(s))
  return s
}
`;
