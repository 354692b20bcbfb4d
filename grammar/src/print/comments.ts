import type { Span } from "../ast.js";
import type { Comment } from "../lexer.js";
import { lineIndex } from "../locate.js";
import { breakAround, freshline, hardline, suffix, type Document } from "./document.js";

/**
 * The comments of a text, given out in order as the printer comes past them. The printer asks at every place where a
 * comment can be written; one that nobody asked for comes out at the next such place, so that none is lost.
 */
export class Comments {
  private next = 0;

  constructor(
    private readonly text: string,
    private readonly comments: readonly Comment[],
    private readonly starts: readonly number[],
  ) {}

  lineOf(offset: number): number {
    return lineIndex(this.starts, offset);
  }

  /** Whether there is a comment before `offset` that was not given out. */
  waiting(offset: number): boolean {
    return this.next < this.comments.length && (this.comments[this.next] as Comment).start < offset;
  }

  /** Passes over the comments before `offset`: they are part of what is copied as it is. */
  pass(offset: number): void {
    while (this.waiting(offset)) this.next++;
  }

  /** The next comment before `offset`, if it follows code on its line. */
  private nextTrailing(offset: number, blocks: boolean): Comment | undefined {
    if (!this.waiting(offset)) return undefined;
    const comment = this.comments[this.next] as Comment;
    if (!this.followsCode(this.next) || (comment.kind === "block" && !blocks)) return undefined;
    this.next++;
    return comment;
  }

  private followsCode(index: number): boolean {
    const { start } = this.comments[index] as Comment;
    let at = start - 1;
    while (at >= 0 && /[ \t\u00a0]/.test(this.text.charAt(at))) at--;
    if (at < 0 || /[\r\n\ufeff]/.test(this.text.charAt(at))) return false;
    const previous = this.comments[index - 1];
    return previous?.end === at + 1 ? this.followsCode(index - 1) : true;
  }

  /** Where the last comment given out ended. */
  get passedEnd(): number {
    return this.comments[this.next - 1]?.end ?? 0;
  }

  /**
   * Comments before `offset` that follow code on its line, to be written behind what was just written; behind an opening
   * bracket without the `blocks`, which belong to what follows.
   */
  trailing(offset: number, blocks = true): Document {
    const found: Document[] = [];
    for (let comment = this.nextTrailing(offset, blocks); comment; comment = this.nextTrailing(offset, blocks)) {
      found.push(comment.kind === "block" ? [" ", blockText(comment)] : suffix(` ${comment.text.trimEnd()}`));
    }
    return found;
  }

  /** Whether there is a blank line after what ends at `end`, before the next comment or what begins at `offset`. */
  blankBefore(end: number, offset: number): boolean {
    const next = this.waiting(offset) ? (this.comments[this.next] as Comment).start : offset;
    return this.lineOf(next) > this.lineOf(Math.max(end, this.passedEnd)) + 1;
  }

  /** The next comment before `offset`, one on lines of its own. */
  own(offset: number): Comment | undefined {
    return this.waiting(offset) ? this.comments[this.next++] : undefined;
  }

  /** All comments before `offset`, each with a new line after it, for the beginning of a line. */
  leading(offset: number): Document {
    const found: Document[] = [];
    for (let comment = this.own(offset); comment; comment = this.own(offset)) {
      found.push(blockText(comment), this.between(comment, offset));
    }
    return found;
  }

  /** A space or a new line, after a comment: as it was. */
  between(comment: Span, following: number): Document {
    const next = this.waiting(following) ? (this.comments[this.next] as Comment).start : following;
    return (comment as Comment).kind === "block" && this.lineOf(comment.end) === this.lineOf(next) ? " " : hardline;
  }

  /** All comments before `offset`, in the middle of a line; `undefined` when there are none. */
  inside(offset: number): { readonly document: Document; readonly lines: boolean } | undefined {
    if (!this.waiting(offset)) return undefined;
    const found: Document[] = [];
    let lines = false;
    let glued = false;
    while (this.waiting(offset)) {
      const follows = this.followsCode(this.next);
      const comment = this.comments[this.next++] as Comment;
      if (comment.kind === "block" && follows) found.push(blockText(comment), " ");
      else if (follows) {
        lines = true;
        found.push(suffix(` ${comment.text.trimEnd()}`), freshline);
      } else {
        lines = true;
        const after = this.between(comment, offset);
        found.push(glued ? "" : freshline, blockText(comment), after);
        glued = after === " ";
      }
    }
    return { document: found, lines };
  }
}

/** A comment of several lines breaks what it is in, as its own lines do. */
export const blockText = (comment: Comment): Document =>
  /[\r\n]/.test(comment.text) ? [comment.text, breakAround] : comment.text.trimEnd();
