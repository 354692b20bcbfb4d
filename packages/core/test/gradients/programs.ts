import { seeded, type RandomSource } from "@pgl/runtime";

/**
 * A random program that draws continuous variables only, the same ones in every execution, as text. Its model `m` takes
 * nothing. Everything that may carry a derivative comes up: operators, built-ins, conditionals, loops, `var`s, lists, records,
 * tuples, maps, functions, closures, inner models, and all families of distributions.
 */
export function continuousProgram(seed: number): string {
  return new Maker(seeded(seed)).program();
}

class Maker {
  private names: string[] = [];
  private count = 0;

  constructor(private readonly random: RandomSource) {}

  program(): string {
    const lines: string[] = [];
    const statements = 3 + this.random.below(5);
    lines.push(this.draw());
    for (let i = 0; i < statements; i++) lines.push(this.statement());
    lines.push(`observe ${this.number()} ~ normal(${this.real()}, ${this.positive()})`);
    lines.push(`return ${this.real()}`);
    return [
      "fn squash(x: float): float { return x / (1 + x * x) }",
      "fn apply_twice(f: (float) -> float, x: float): float { return f(f(x)) }",
      "model inner(mean: float, sd: float): float {\n  let z ~ normal(mean, sd)\n  observe 0.3 ~ normal(z, 2.0)\n  return z * 0.5\n}",
      `model m(): float {\n  ${lines.join("\n  ")}\n}`,
    ].join("\n");
  }

  private pick<T>(options: readonly T[]): T {
    return options[this.random.below(options.length)]!;
  }

  private number(): string {
    return (this.random.below(41) / 10 - 2).toFixed(2);
  }

  private fresh(): string {
    return `v${this.count++}`;
  }

  /** An expression that is near zero, whatever the draws. */
  private real(depth = 2): string {
    if (depth === 0 || this.names.length === 0) {
      return this.names.length > 0 && this.random.below(4) > 0 ? this.pick(this.names) : this.number();
    }
    const a = () => this.real(depth - 1);
    return this.pick<() => string>([
      () => this.pick(this.names),
      () => `(${a()} + ${a()})`,
      () => `(${a()} - ${a()})`,
      () => `(${a()} * ${this.number()})`,
      () => `tanh(${a()} * ${a()})`,
      () => `(${a()} / ${this.positive(depth - 1)})`,
      () => `(-${a()})`,
      () => `sin(${a()})`,
      () => `squash(${a()})`,
      () => `log(${this.positive(depth - 1)})`,
      () => `(if ${a()} < ${a()} { ${a()} } else { ${a()} * 0.5 })`,
      () => `max(${a()}, ${a()})`,
      () => `sum([${a()}, ${a()}, ${this.number()}])`,
      () => `mean([${a()}, ${a()}])`,
      () => `log_sum_exp([tanh(${a()}), ${this.number()}])`,
      () => `map([${a()}, ${a()}], x => x * 0.5)[1]`,
      () => `fold([${a()}, ${a()}], 0.0, (acc, x) => acc * 0.3 + x)`,
      () => `sort([${a()}, ${a()}, 0.1])[0]`,
      () => `({ left: ${a()}, right: 1.0 }).left`,
      () => `(map { "a": ${a()}, "b": 2.0 })["a"]`,
      () => `apply_twice(x => x * 0.4 + ${a()}, ${a()})`,
      () => `(${this.positive(depth - 1)} ^ ${this.pick(["2.0", "0.5", "-1.0"])})`,
      () => `log_prob(normal(${a()}, 1.5), ${a()})`,
      () => `abs(${a()} + 0.01)`,
      () => `sigmoid(${a()})`,
      () => `atan2(${a()}, ${this.positive(depth - 1)})`,
    ])();
  }

  /** An expression that is positive and of the order of one. */
  private positive(depth = 1): string {
    const a = () => this.real(Math.max(0, depth - 1));
    return this.pick([
      () => `(0.5 + abs(tanh(${a()})))`,
      () => `exp(tanh(${a()}))`,
      () => `(0.3 + sigmoid(${a()}))`,
      () => `sqrt(1 + (${a()}) ^ 2)`,
      () => "1.3",
    ])();
  }

  private share(): string {
    return `(0.05 + 0.9 * sigmoid(${this.real(1)}))`;
  }

  private distribution(): string {
    return this.pick([
      () => `normal(${this.real(1)}, ${this.positive()})`,
      () => `lognormal(tanh(${this.real(1)}), 0.4)`,
      () => `uniform(-${this.positive()}, ${this.positive()})`,
      () => `student_t(3 + ${this.positive()}, ${this.real(1)}, ${this.positive()})`,
      () => `laplace(${this.real(1)}, ${this.positive()})`,
      () => `logistic(${this.real(1)}, ${this.positive()})`,
      () => `cauchy(${this.real(1)}, ${this.positive()})`,
      () => `exponential(${this.positive()})`,
      () => `gamma(1 + ${this.positive()}, ${this.positive()})`,
      () => `inverse_gamma(2 + ${this.positive()}, ${this.positive()})`,
      () => `beta(1 + ${this.positive()}, ${this.positive()})`,
      () => `mixture([${this.positive()}, 1.0], [normal(${this.real(1)}, 1.0), normal(1.0, ${this.positive()})])`,
    ])();
  }

  private draw(): string {
    const name = this.fresh();
    const line = `let ${name} ~ ${this.distribution()}`;
    this.names.push(name);
    return line;
  }

  private bind(line: (name: string) => string): string {
    const name = this.fresh();
    const text = line(name);
    this.names.push(name);
    return text;
  }

  private statement(): string {
    const a = () => this.real();
    return this.pick<() => string>([
      () => this.draw(),
      () => this.draw(),
      () => this.bind((name) => `let ${name} = ${a()}`),
      () => `factor(-0.1 * (${a()}) ^ 2)`,
      () => `observe ${this.number()} ~ normal(${a()}, ${this.positive()})`,
      () => `observe true ~ bernoulli(${this.share()})`,
      () => `observe 3 ~ poisson(${this.positive()})`,
      () => `observe 2 ~ binomial(5, ${this.share()})`,
      () => `observe 1 ~ negative_binomial(${this.positive()}, ${this.share()})`,
      () => `observe 1 ~ geometric(${this.share()})`,
      () => `observe 1 ~ categorical([${this.positive()}, ${this.positive()}, 0.4])`,
      () => `observe [1, 2] ~ multinomial(3, [${this.positive()}, ${this.positive()}])`,
      () =>
        this.bind(
          (name) =>
            `let ${name}s ~ dirichlet([1 + ${this.positive()}, ${this.positive()}, 2.0])\n  let ${name} = ${name}s[0] - ${name}s[2]`,
        ),
      () =>
        this.bind(
          (name) =>
            `let ${name}s ~ multivariate_normal([${a()}, 0.2], [[1 + ${this.positive()}, 0.3], [0.3, 1.0]])\n  let ${name} = ${name}s[0] * ${name}s[1]`,
        ),
      () => this.bind((name) => `let ${name} = inner(${a()}, ${this.positive()})`),
      () =>
        this.bind((name) => `var ${name} = ${a()}\n  for i in 0..3 { ${name} = ${name} * 0.5 + i * ${this.real(1)} }`),
      () =>
        this.bind(
          (name) =>
            `var ${name} = 0.0\n  for x in [0.5, ${this.number()}] {\n    let d ~ normal(x, ${this.positive()})\n    ${name} += d * x\n  }`,
        ),
      () => `if ${a()} > ${this.number()} { observe 0.2 ~ normal(${a()}, 1.0) } else { factor(${a()} * 0.1) }`,
    ])();
  }
}
