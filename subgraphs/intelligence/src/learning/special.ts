const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** ln Γ(x) for x > 0, to about 1e-14 relative (Lanczos, g = 7). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const z = x - 1
  const t = z + 7.5
  const series = lanczos.reduce((sum, coefficient, index) => sum + coefficient / (z + index + 1), 0.99999999999980993)
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(series)
}

/** Gauss's 2F1(a, b; c; z) by its power series, |z| < 1. The caller picks a transformation in which the terms fall. */
export function hypergeometric(a: number, b: number, c: number, z: number): number {
  let term = 1
  let sum = 1
  for (let j = 0; j < 20_000; j++) {
    term *= (((a + j) * (b + j)) / ((c + j) * (j + 1))) * z
    sum += term
    if (Math.abs(term) < 1e-14 * Math.abs(sum)) break
  }
  return sum
}

/** ln(e^a + e^b). */
export const logAdd = (a: number, b: number): number =>
  a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b))

const half = [0.1488743389816312, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717]
const halfWeights = [0.2955242247147529, 0.2692667193099963, 0.219086362515982, 0.1494513491505806, 0.0666713443086881]

/** Ten-point Gauss–Legendre on [0, 1]: exact to 1e-11 for e^(−8t) there. */
export const gaussNodes = Float64Array.from([...half.map((x) => (1 - x) / 2), ...half.map((x) => (1 + x) / 2)])
export const gaussWeights = Float64Array.from([...halfWeights, ...halfWeights].map((weight) => weight / 2))
