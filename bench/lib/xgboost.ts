// XGBoost beside ours: Debian's python3-xgboost, if it is there. QUIMBI_BENCH_INSTALL=1 lets the benchmark install it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Protocol } from './protocols.ts'

// Tuned on the training rows alone: cross-validation by customer over depth and leaf weight, rounds by early stopping.
const program = `
import sys, json, numpy as np, xgboost as xgb
folder, d = sys.argv[1], int(sys.argv[2])
read = lambda name, kind: np.fromfile(folder + '/' + name, dtype=kind)
x, y, fold = read('x', '<f8').reshape(-1, d), read('y', 'u1'), read('fold', 'u1')
train = xgb.DMatrix(x, label=y)
folds = [(np.where(fold != k)[0], np.where(fold == k)[0]) for k in range(4)]
best = None
for depth in (2, 3, 4):
    for weight in (5, 20):
        options = dict(objective='binary:logistic', eta=0.05, max_depth=depth, min_child_weight=weight, subsample=0.7,
                       colsample_bytree=0.5, tree_method='hist', nthread=1, seed=1, eval_metric='logloss')
        result = xgb.cv(options, train, 600, folds=folds, early_stopping_rounds=30, as_pandas=False)['test-logloss-mean']
        if best is None or min(result) < best[0]: best = (min(result), options, int(np.argmin(result)) + 1)
model = xgb.train(best[1], train, best[2])
model.predict(xgb.DMatrix(read('test', '<f8').reshape(-1, d))).astype('<f8').tofile(folder + '/p')
`

export const installFlag = 'QUIMBI_BENCH_INSTALL'

/** Debian's own interpreter is the one that sees Debian's packages; another may come before it on the path. */
const interpreters = ['/usr/bin/python3', 'python3']
const works = (python: string) => spawnSync(python, ['-c', 'import xgboost, numpy']).status === 0
const interpreter = () => interpreters.find(works)

/** Whether it can be asked; where the flag is set, it is installed first. */
export function hasXgboost(log: (line: string) => void): boolean {
  if (interpreter()) return true
  if (process.env[installFlag] !== '1') return false
  log('installing python3-xgboost')
  const { status, stderr } = spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'python3-xgboost'])
  if (status !== 0) log(`It could not be installed: ${String(stderr).trim().split('\n').at(-1) ?? ''}`)
  return interpreter() !== undefined
}

/** Its probabilities of churn for the test rows. @throws Error with what Python said */
export function xgboostScores({ train, test }: Protocol): Float64Array {
  const folder = mkdtempSync(join(tmpdir(), 'quimbi-xgboost-'))
  const write = (name: string, data: NodeJS.ArrayBufferView) => writeFileSync(join(folder, name), data)
  try {
    const places = new Map<string, number>()
    for (const id of train.customerIds) if (!places.has(id)) places.set(id, places.size)
    write('x', train.x)
    write('y', train.churned)
    write(
      'fold',
      Uint8Array.from(train.customerIds, (id) => (places.get(id) ?? 0) % 4),
    )
    write('test', test.x)
    const { status, stderr } = spawnSync(interpreter() ?? 'python3', ['-c', program, folder, String(train.d)])
    if (status !== 0) throw new Error(`XGBoost failed: ${String(stderr).trim().split('\n').at(-1) ?? ''}`)
    const bytes = readFileSync(join(folder, 'p'))
    return Float64Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
