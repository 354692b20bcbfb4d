/**
 * What an engine must be able to do with a matrix in row order, `rows.length / width` rows of `width` log-weights.
 * Entries are below +Infinity and not NaN (the operations see to it); `-Infinity` is an ordinary one.
 */
export interface RowKernels {
  /** log Σ exp of each row, in nats; `-Infinity` for a row without weight. */
  logSumExp(rows: Float32Array, width: number): Float64Array;
  /** exp of each row, divided by its sum; zeros for a row without weight. */
  softmax(rows: Float32Array, width: number): Float32Array;
}
