/** The inverse of a symmetric positive definite matrix, by its Cholesky factor. */
export function invertedCovariance(matrix: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const n = matrix.length;
  const factor = matrix.map(() => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i]![j]!;
      for (let k = 0; k < j; k++) rest -= factor[i]![k]! * factor[j]![k]!;
      factor[i]![j] = i === j ? Math.sqrt(rest) : rest / factor[j]![j]!;
    }
  }
  // Column by column: L y = e, then Lᵀ x = y.
  const columns = matrix.map((_, column) => {
    const x = new Float64Array(n);
    x[column] = 1;
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) x[i]! -= factor[i]![k]! * x[k]!;
      x[i]! /= factor[i]![i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) x[i]! -= factor[k]![i]! * x[k]!;
      x[i]! /= factor[i]![i]!;
    }
    return Array.from(x);
  });
  return columns;
}
