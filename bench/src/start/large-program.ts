/** A program of 34 lines a copy, in which most things refer to others. */
export function largeProgram(copies: number): string {
  const one = (i: number): string => `
/// Number ${i}.
type Person${i} = { name: string, age: int, mood: "glad" | "sad", friend?: string }
const limit${i} = ${i === 0 ? "1" : `limit${i - 1} + 1`}
fn older${i}(p: Person${i}, by: int = 1): Person${i} = { ...p, age: p.age + by }
fn describe${i}(p: Person${i}, words: list<string>): string {
  var out = p.name
  for (k, word) in indexed(words) {
    if k > limit${i} { break }
    out = match p.mood {
      "glad" => "\${out} \${word}!",
      "sad" => "\${out} \${lower(word)}",
    }
  }
  if p.friend != none { return out + p.friend }
  return out
}
model walk${i}(steps: int, p: Person${i}): list<float> {
  var at = 0.0
  var seen = []
  for j in 0..steps {
    let fair ~ bernoulli(0.5)
    let step_size ~ normal(if fair { 1.0 } else { -1.0 }, 0.5)
    at += step_size
    seen = push(seen, at)
    observe at ~ normal(0, 10)
    condition at > -100 && at < 100
    factor -0.1 * sum(map(seen, v => abs(v) * ${i}))
  }
  ${i === 0 ? "" : `let before = walk${i - 1}(steps, { name: p.name, age: p.age, mood: "glad" })\n  at += sum(before)`}
  return if len(describe${i}(older${i}(p), ["A", "b"])) > 3 { seen } else { [at] }
}
query q${i} = walk${i}(${i}, { name: "Ann", age: 3, mood: "sad" }) using smc(particles: 10)
`;
  return Array.from({ length: copies }, (_, i) => one(i)).join("");
}
