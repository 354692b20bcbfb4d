/** How a document is laid out. */
export interface JsonOptions {
  /**
   * `compact` (the default): no white space. `spaced`: a space after `,` and `:`. `indented`: as `JSON.stringify(value, null,
   * 2)` writes it. `free`: any white space wherever JSON allows it.
   */
  readonly style?: JsonStyle;
}

export type JsonStyle = (typeof styles)[number];
export const styles = ["compact", "spaced", "indented", "free"] as const;

/** Spaces of one level of `indented`. */
export const INDENT = 2;
