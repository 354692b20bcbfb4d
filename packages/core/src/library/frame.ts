import type { Op } from "@pgl/runtime";
import { Frame, RunError, enter, site, show, type Particle, type Site } from "@pgl/runtime";
import { Program, type Node, type Turn } from "./program.js";

/** What is left to do with a result: an immutable stack, shared between particles that have a past in common. */
type Rest =
  | { readonly kind: "chain"; readonly next: (value: unknown) => Program<unknown>; readonly below: Rest | null }
  | { readonly kind: "map"; readonly change: (value: unknown) => unknown; readonly below: Rest | null }
  | {
      readonly kind: "loop";
      readonly step: (state: unknown) => Program<Turn<unknown, unknown>>;
      readonly below: Rest | null;
    };

const ready: Node = { kind: "pure", value: undefined };

/**
 * The one frame that runs every program of the library: a node to do next and the stack of what follows it. Both are
 * immutable, so a fork copies two pointers; the stack lives on the heap, so neither long loops nor deep nesting overflow.
 */
export class ProgramFrame extends Frame {
  private constructor(
    private node: Node,
    private rest: Rest | null,
  ) {
    super();
  }

  /** Runs the program that `make` returns; `make` is called when the particle first runs, not before. */
  static run(make: () => Program<unknown>): ProgramFrame {
    return new ProgramFrame({ kind: "suspend", make }, null);
  }

  protected copy(): Frame {
    return new ProgramFrame(this.node, this.rest);
  }

  step(particle: Particle): Op {
    let node = this.node;
    let rest = this.rest;
    let value: unknown;
    // The node last done was an operation of the machine: its answer is the value to go on with.
    if (this.pc === 1) {
      this.pc = 0;
      value = node.kind === "sample" || node.kind === "ask" || node.kind === "enter" ? particle.value : undefined;
      node = ready;
    }
    for (;;) {
      if (node !== ready) {
        switch (node.kind) {
          case "pure":
            value = node.value;
            break;
          case "suspend":
            node = programOf(node.make(), "the function of a program").node;
            continue;
          case "chain":
            rest = { kind: "chain", next: node.next, below: rest };
            node = node.first;
            continue;
          case "map":
            rest = { kind: "map", change: node.change, below: rest };
            node = node.first;
            continue;
          case "loop":
            rest = { kind: "loop", step: node.step, below: rest };
            node = programOf(node.step(node.state), "the body of `loop`").node;
            continue;
          default:
            this.pc = 1;
            this.node = node;
            this.rest = rest;
            return perform(node, particle);
        }
      }
      if (rest === null) return particle.return(value);
      switch (rest.kind) {
        case "chain":
          node = programOf(rest.next(value), "the function given to `chain`").node;
          rest = rest.below;
          continue;
        case "map":
          value = rest.change(value);
          rest = rest.below;
          node = ready;
          continue;
        case "loop": {
          const turn = value as Turn<unknown, unknown>;
          if ("again" in turn) {
            // `rest` stays: the loop goes round on the same stack.
            node = programOf(rest.step(turn.again), "the body of `loop`").node;
          } else {
            value = turn.done;
            rest = rest.below;
            node = ready;
          }
          continue;
        }
      }
    }
  }
}

type Operation = Exclude<Node, { kind: "pure" | "suspend" | "chain" | "map" | "loop" }>;

function perform(node: Operation, particle: Particle): Op {
  switch (node.kind) {
    case "sample":
      return particle.sample(node.distribution, siteOf("sample", node.name), node.proposal);
    case "observe":
      return particle.observe(node.distribution, node.value, siteOf("observe", node.name));
    case "factor":
      return particle.factor(node.weight, siteOf("factor", node.name));
    case "condition":
      return particle.condition(node.holds, siteOf("condition", node.name));
    case "twist":
      return particle.twist(node.weight, siteOf("twist", node.name));
    case "step":
      return particle.step(siteOf("step", node.name));
    case "ask":
      return particle.ask(node.request, siteOf("call", node.name));
    case "enter":
      return particle.call(enter(node.model, node.args));
  }
}

const sites = new Map<string, Site>();

/** One site object a name and kind: programs are built anew for each particle, and sites are compared often. */
export function siteOf(kind: Site["kind"], name: string): Site {
  const key = `${kind} ${name}`;
  let found = sites.get(key);
  if (found === undefined) {
    found = site({ kind, name });
    // Names are written in programs, so there are few; a program that computes them must not fill the memory.
    if (sites.size < 10_000) sites.set(key, found);
  }
  return found;
}

function programOf(value: unknown, where: string): Program<unknown> {
  if (value instanceof Program) return value;
  throw new RunError("PGLT000", `${where} returned ${describe(value)}, which is not a program.`, {
    hint: "Wrap a plain value in `pure(value)`, or use `.map` for a deterministic step.",
  });
}

const describe = (value: unknown): string => {
  if (value instanceof Promise) return "a promise";
  try {
    return show(value);
  } catch {
    return String(value);
  }
};
