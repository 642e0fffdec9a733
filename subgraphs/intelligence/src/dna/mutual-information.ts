/**
 * How much of a target the codes tell: mutual information over the target's entropy, 0 … 1, with the bias of counting
 * taken off (Miller and Madow), so that a finer code does not win by its cells alone.
 * @param codes below `codeCount`
 * @param bins below `binCount`
 */
export function toldShare(codes: Int32Array, codeCount: number, bins: Uint8Array, binCount: number): number {
  const n = codes.length
  const joint = new Float64Array(codeCount * binCount)
  const ofCode = new Float64Array(codeCount)
  const ofBin = new Float64Array(binCount)
  for (let i = 0; i < n; i++) {
    joint[codes[i]! * binCount + bins[i]!]!++
    ofCode[codes[i]!]!++
    ofBin[bins[i]!]!++
  }
  const entropyOfBin = entropy(ofBin, n)
  if (entropyOfBin === 0) return 0
  const excess = (filled(joint) - filled(ofCode) - filled(ofBin) + 1) / (2 * n)
  const told = entropy(ofCode, n) + entropyOfBin - entropy(joint, n) - excess
  return Math.max(0, told / entropyOfBin)
}

const entropy = (counts: Float64Array, n: number): number =>
  counts.reduce((sum, count) => (count > 0 ? sum - (count / n) * Math.log(count / n) : sum), 0)

const filled = (counts: Float64Array): number => counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0)

/** Bins of about as many values each; equal values share a bin. */
export function equalFrequencyBins(values: ArrayLike<number>, binCount: number): Uint8Array {
  const sorted = Float64Array.from(values).sort()
  const n = sorted.length
  const cuts: number[] = []
  for (let bin = 1; bin < binCount; bin++) {
    const cut = sorted[Math.floor((n * bin) / binCount)]!
    if (cut > (cuts.at(-1) ?? sorted[0]!)) cuts.push(cut)
  }
  return Uint8Array.from(values, (value) => {
    const above = cuts.findIndex((cut) => value < cut)
    return above < 0 ? cuts.length : above
  })
}
