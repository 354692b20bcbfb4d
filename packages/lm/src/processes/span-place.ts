import type { Frame } from "@pgl/runtime";
import type { ModelSession } from "../session.js";

/** Where a text that is being drawn stands, before its next token. */
export interface SpanPlace {
  readonly session: ModelSession;
  /** The node of the session's prefix tree that holds the context and the tokens drawn. */
  readonly node: number;
  /** Tokens that may still be drawn, the next one counted. */
  readonly left: number;
}

/** A frame that draws a text token by token. */
export interface HasSpanPlace {
  readonly place: SpanPlace;
}

/**
 * Where a text stands whose token a frame is about to draw: frames are those of a journal that keeps states. Null for a frame
 * that draws something else.
 */
export function spanPlace(frame: Frame | null): SpanPlace | null {
  return frame !== null && "place" in frame ? (frame as Frame & HasSpanPlace).place : null;
}
