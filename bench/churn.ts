// How well churn is foreseen on real customers, beside the usual ways to do it, on the same rows in the same run.
import { scoreChurn } from '@quimbi/intelligence/churn/predict.ts'
import { trainChurn } from '@quimbi/intelligence/churn/train.ts'
import { auc, brier, calibrationSlope, ece, pairedBootstrapAuc } from '@quimbi/intelligence/learning/metrics.ts'
import { paretoNbdScores, stockForestScores, stockRows } from './lib/churn-baselines.ts'
import type { BenchOptions, BenchResult, Figures } from './lib/contract.ts'
import { hasProtocol, openProtocol, type Protocol, protocolNames, protocolTitle } from './lib/protocols.ts'
import { hasXgboost, installFlag, xgboostScores } from './lib/xgboost.ts'

type Quality = { auc: number; brier: number; ece: number }
type Row = { title: string; model: string; quality: Quality }

/** `p1`, `t`, `or`, and `baselines` of the same; also the calibration slope's 95 % interval and, beside XGBoost, the AUC's lead. @public */
export async function run({ quick, log }: BenchOptions): Promise<BenchResult> {
  const figures: Figures = {}
  const baselines: Record<string, Figures> = {}
  const rows: Row[] = []
  const withXgboost = hasXgboost(log)
  if (!withXgboost) log(`XGBoost is not on this machine; ${installFlag}=1 lets this benchmark install python3-xgboost.`)
  for (const name of protocolNames) {
    if (!hasProtocol(name)) {
      log(`${protocolTitle(name)}: the data are not on this machine.`)
      continue
    }
    const protocol = await openProtocol(name, quick)
    const measured = measure(protocol, { quick, withXgboost, log })
    figures[name] = measured.figures
    for (const [model, quality] of Object.entries(measured.models)) {
      rows.push({ title: protocolTitle(name), model, quality })
      if (model !== 'ours') (baselines[model] ??= {})[name] = quality
    }
  }
  if (rows.length > 0) figures['baselines'] = baselines
  const columns = ['protocol', 'model', 'AUC', 'Brier', 'ECE(15)']
  const cells = rows.map(({ title, model, quality }) => [
    title,
    model,
    ...Object.values(quality).map((q) => q.toFixed(4)),
  ])
  const missing = withXgboost ? [] : [['all', 'XGBoost', 'missing', '', '']]
  return { table: { columns, rows: [...cells, ...missing] }, figures }
}

type Asked = { quick: boolean; withXgboost: boolean; log: (line: string) => void }

function measure(protocol: Protocol, { quick, withXgboost, log }: Asked) {
  const { train, test, horizonDays, name } = protocol
  log(`${protocolTitle(name)}: ${train.n} rows to learn from, ${test.n} customers, ${horizonDays} days`)
  const started = performance.now()
  const model = trainChurn(train, { horizonDays, seed: 1 })
  log(`  trained in ${((performance.now() - started) / 1000).toFixed(1)} s: ${JSON.stringify(model.weights)}`)
  const ours = new Float64Array(test.n)
  scoreChurn(model, test, ours)
  const scores: Record<string, Float64Array> = { ours, paretoNbd: paretoNbdScores(protocol) }
  scores[`forestStock${stockRows}`] = stockForestScores(protocol, quick ? 3 : 25)
  if (withXgboost) scores['xgboost'] = xgboostScores(protocol)
  const slope = calibrationSlope(test.churned, ours)
  const models = Object.fromEntries(Object.entries(scores).map(([key, p]) => [key, qualityOf(test.churned, p)]))
  return {
    models,
    figures: {
      ...models['ours'],
      slope: rounded(slope.slope),
      slopeLow: rounded(slope.low),
      slopeHigh: rounded(slope.high),
      ...leads(test.churned, scores),
    },
  }
}

/** Our AUC less each baseline's, and the lower bound of its 95 % interval over resamples of the test rows. */
function leads(y: Uint8Array, { ours, ...others }: Record<string, Float64Array>): Figures {
  if (!ours) return {}
  return Object.fromEntries(
    Object.entries(others).map(([name, p]) => {
      const { difference, low } = pairedBootstrapAuc(y, ours, p, 1)
      return [`over_${name}`, { auc: rounded(difference), low: rounded(low) }]
    }),
  )
}

const rounded = (value: number) => Number(value.toFixed(4))

const qualityOf = (y: Uint8Array, p: Float64Array): Quality => ({
  auc: rounded(auc(y, p)),
  brier: rounded(brier(y, p)),
  ece: rounded(ece(y, p)),
})
