/**
 * The numbers a program is made from. Whatever they are, a program comes out; a tape that has ended goes on with zeros, and
 * zero means the simplest alternative. So a shorter tape with smaller numbers is a smaller program: that is all shrinking needs.
 */
export class Tape {
  private at = 0;

  constructor(private readonly numbers: readonly number[]) {}

  next(): number {
    return this.numbers[this.at++] ?? 0;
  }

  /** A number in [0, n). */
  below(n: number): number {
    return this.next() % n;
  }

  pick<T>(options: readonly T[]): T {
    return options[this.below(options.length)]!;
  }

  /** True about once in `n`; false when the tape has ended. */
  oneIn(n: number): boolean {
    return this.below(n) === n - 1 && n > 1;
  }
}
