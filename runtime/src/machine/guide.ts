import { RunError } from "../errors.js";
import type { Distribution } from "../distributions/distribution.js";
import type { RandomSource } from "../random/source.js";
import { Op } from "./op.js";
import type { Particle } from "./particle.js";
import type { Drawable } from "./process.js";
import type { Request } from "./request.js";

/** What a guide says when the program is about to draw at a site. */
export type GuideAnswer =
  /** Propose from this; tell the guide the value with `tell`. */
  | { readonly kind: "propose"; readonly distribution: Drawable<unknown> }
  /** The guide has already drawn for this site, before the program came to it. */
  | { readonly kind: "drawn"; readonly value: unknown; readonly distribution: Distribution<unknown> }
  /** The guide says nothing about this site. */
  | { readonly kind: "none" }
  | { readonly kind: "wait"; readonly request: Request };

interface Drawn {
  readonly name: string;
  readonly value: unknown;
  readonly distribution: Distribution<unknown>;
  readonly next: Drawn | null;
}

/**
 * A whole-trace proposal (`proposal g for m`) running as a second program beside the first. When `m` comes to a site,
 * `g` is run to its draw of the same name, whose distribution is proposed from; the value goes to both. What `g` draws on
 * the way for other sites waits until `m` asks for it; what `m` never asks for is an auxiliary draw and needs no weight,
 * because its distribution given the rest sums to one.
 */
export class Guide {
  private drawn: Drawn | null = null;
  private ended = false;
  /** Name of the site whose value a frame is making from what was proposed. */
  private proposedFor: string | null = null;

  constructor(
    private readonly program: Particle,
    private readonly sites: ReadonlySet<string>,
  ) {}

  fork(random: RandomSource): Guide {
    const twin = new Guide(this.program.fork(random), this.sites);
    twin.drawn = this.drawn;
    twin.ended = this.ended;
    twin.proposedFor = this.proposedFor;
    return twin;
  }

  /** A frame makes the value of this site, from what `ask` proposed, by draws that may be at the site too. */
  begin(name: string): void {
    this.proposedFor = name;
  }

  /** The frame that `begin` announced has made its value. */
  end(): void {
    this.proposedFor = null;
  }

  /** Whether a frame makes the value of this site: its draws have their proposals already. */
  isMaking(name: string): boolean {
    return this.proposedFor === name;
  }

  /** Runs to the draw named `name`, if there is one. Call again after a `wait` once `answer` has been given. */
  ask(name: string): GuideAnswer {
    if (!this.sites.has(name)) return { kind: "none" };
    const earlier = this.take(name);
    if (earlier !== null) return { kind: "drawn", value: earlier.value, distribution: earlier.distribution };
    while (!this.ended) {
      const op = this.program.advance();
      switch (op) {
        case Op.Done:
          this.ended = true;
          break;
        case Op.Request:
          return { kind: "wait", request: this.program.request! };
        case Op.Sample: {
          const { distribution, site } = this.program;
          if (site!.name === name) return { kind: "propose", distribution: distribution! };
          if (distribution!.kind === "process") {
            throw new RunError(
              "PGLR003",
              `The proposal draws \`${site!.name}\`, a text, before the model does; it must come in the model's order.`,
              { site: site! },
            );
          }
          const value = (distribution as Distribution<unknown>).sample(this.program.random);
          this.drawn = {
            name: site!.name,
            value,
            distribution: distribution as Distribution<unknown>,
            next: this.drawn,
          };
          this.program.value = value;
          break;
        }
        case Op.Step:
          break;
        default:
          throw new RunError("PGLR004", "A proposal may draw, but not observe, weigh or twist.", {
            site: this.program.site ?? undefined,
          });
      }
    }
    return { kind: "none" };
  }

  /** The value drawn at the site last proposed for. */
  tell(value: unknown): void {
    this.end();
    this.program.value = value;
  }

  /** The answer to the request that `ask` waited for. */
  answer(value: unknown): void {
    this.program.value = value;
  }

  private take(name: string): Drawn | null {
    // Oldest first: the k-th visit of a site takes the k-th value drawn for it.
    let found: Drawn | null = null;
    for (let node = this.drawn; node !== null; node = node.next) if (node.name === name) found = node;
    if (found === null) return null;
    const without = (node: Drawn | null): Drawn | null =>
      node === null ? null : node === found ? node.next : { ...node, next: without(node.next) };
    this.drawn = without(this.drawn);
    return found;
  }
}
