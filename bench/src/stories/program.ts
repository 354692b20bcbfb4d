/** A span of text and nothing else. */
export const span = `
lm writer = "stories"

model story(prompt: string, tokens: int): string {
  return sample writer.text(after: prompt, max_tokens: tokens)
}
`;

/** Token by token, with a factor each: the population is resampled now and then, and branches are dropped and copied. */
export const steered = `
lm writer = "stories"

model story(prompt: string, tokens: int): string {
  var ctx = writer.context(prompt)
  for i in 0..tokens {
    let tok ~ writer.next(ctx)
    factor if contains(tok, "e") { -0.7 } else { 0.0 }
    ctx = ctx + tok
    if tok == eos { break }
  }
  return ctx.text
}
`;
