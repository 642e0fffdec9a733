/**
 * Solves H s = g for a symmetric H of which the upper triangle is given, row after row. Directions without curvature stay at
 * 0, so that constant or doubled columns do no harm.
 */
export function solveSymmetric(hessian: Float64Array, gradient: Float64Array): Float64Array {
  const size = gradient.length
  const u = hessian.slice()
  const s = gradient.slice()
  for (let j = 0; j < size; j++) {
    let pivot = u[j * size + j]!
    for (let k = 0; k < j; k++) pivot -= u[k * size + j]! ** 2
    const diagonal = pivot > 1e-12 * hessian[j * size + j]! ? Math.sqrt(pivot) : Infinity
    u[j * size + j] = diagonal
    for (let c = j + 1; c < size; c++) {
      let cell = u[j * size + c]!
      for (let k = 0; k < j; k++) cell -= u[k * size + j]! * u[k * size + c]!
      u[j * size + c] = cell / diagonal
    }
  }
  for (let j = 0; j < size; j++) {
    for (let k = 0; k < j; k++) s[j]! -= u[k * size + j]! * s[k]!
    s[j]! /= u[j * size + j]!
  }
  for (let j = size - 1; j >= 0; j--) {
    for (let k = j + 1; k < size; k++) s[j]! -= u[j * size + k]! * s[k]!
    s[j]! /= u[j * size + j]!
  }
  return s
}
