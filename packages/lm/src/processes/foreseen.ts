import type { Constraint } from "@pgl/constraints";
import type { Drawable, Particle } from "@pgl/runtime";
import type { Foresight } from "../twists/foresight.js";
import { isText } from "./mixed-text.js";

/**
 * What compiled programs draw from where a text is drawn and then weighed by which constraints it meets: the same
 * distribution, drawn towards what has weight. Of a distribution that is not drawn token by token, itself.
 */
export function foreseen(
  text: Drawable<string>,
  features: readonly Constraint[],
  logWeight: Foresight["logWeight"],
  exact: boolean,
): Drawable<string> {
  return isText(text) ? text.foreseeing({ features, logWeight, exact }) : text;
}

/** Takes away what a draw has put on the execution's twist, in nats: now the weight comes that it was drawn towards. */
export function settle(particle: Particle, logTwist: number): void {
  // An infinite one is that of an execution that ends here.
  if (Number.isFinite(logTwist)) particle.logTwist -= logTwist;
}
