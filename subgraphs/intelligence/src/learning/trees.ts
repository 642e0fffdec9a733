import { codedError } from '@quimbi/service/errors.ts'
import type { Matrix } from './matrix.ts'
import { createScorer, type Scorer, scoreRow } from './scorer.ts'

/**
 * Binary trees as flat arrays, one entry a node. `x[feature] > threshold` goes right, all else left (NaN too). A leaf's
 * feature is -1. Children stand side by side: right = left + 1, both after their parent. `value` of a leaf is what it
 * adds; of an inner node, the mean of its leaves weighted by `cover`, the training rows that came by. A tree starts at a root.
 */
export type Trees = {
  feature: Int32Array
  threshold: Float64Array
  left: Int32Array
  right: Int32Array
  value: Float64Array
  cover: Float64Array
  roots: Int32Array
}

/** Grows trees node by node. */
export type TreeBuilder = {
  /** Starts a tree and returns its root, a leaf until it is split. */
  root(): number
  /** Makes an inner node of a leaf and returns its left child; the right one follows. */
  split(node: number, feature: number, threshold: number): number
  /** What a leaf adds, and the training rows in it. Inner nodes sum up their leaves. */
  leaf(node: number, cover: number, value: number): void
  build(): Trees
}

export function createTreeBuilder(): TreeBuilder {
  const feature: number[] = []
  const threshold: number[] = []
  const left: number[] = []
  const value: number[] = []
  const cover: number[] = []
  const roots: number[] = []
  const add = (): number => {
    feature.push(-1)
    threshold.push(0)
    left.push(-1)
    cover.push(0)
    return value.push(0) - 1
  }
  return {
    root() {
      const node = add()
      roots.push(node)
      return node
    },
    split(node, splitFeature, splitThreshold) {
      feature[node] = splitFeature
      threshold[node] = splitThreshold
      const child = add()
      add()
      left[node] = child
      return child
    },
    leaf(node, nodeCover, nodeValue) {
      cover[node] = nodeCover
      value[node] = nodeValue
    },
    build() {
      // Children come after their parents, so backwards every child is known.
      for (let k = feature.length - 1; k >= 0; k--) {
        if (feature[k]! < 0) continue
        const l = left[k]!
        const rows = cover[l]! + cover[l + 1]!
        cover[k] = rows
        value[k] = (value[l]! * cover[l]! + value[l + 1]! * cover[l + 1]!) / rows
      }
      return {
        feature: Int32Array.from(feature),
        threshold: Float64Array.from(threshold),
        left: Int32Array.from(left),
        right: Int32Array.from(left, (child) => (child < 0 ? -1 : child + 1)),
        value: Float64Array.from(value),
        cover: Float64Array.from(cover),
        roots: Int32Array.from(roots),
      }
    },
  }
}

const scorers = new WeakMap<Trees, Scorer>()

/** Scoring reads another layout of the same trees, made once for each. */
function scorerOf(trees: Trees): Scorer {
  const known = scorers.get(trees)
  if (known) return known
  const made = createScorer(trees)
  scorers.set(trees, made)
  return made
}

/** Adds to `out[i]` what all trees say of row i. */
export function sumTrees(trees: Trees, { x, n, d }: Matrix, out: Float64Array): void {
  const scorer = scorerOf(trees)
  if (scorer.columns > d)
    throw codedError('BAD_USER_INPUT', `The trees ask ${scorer.columns} columns, the matrix has ${d}.`)
  for (let i = 0; i < n; i++) out[i]! += scoreRow(scorer, x, i * d)
}

/** What all trees say of one row. */
export const sumOne = (trees: Trees, row: Float64Array): number => scoreRow(scorerOf(trees), row, 0)
