import type { ModelBundle } from '../analysis/bundle.ts'
import { scoreChurn } from '../churn/predict.ts'
import type { CustomerHistory } from '../features/history.ts'
import { createTrainingSet } from '../features/training-set.ts'
import { auc, bias, brier, ece, mae, spearman } from '../learning/metrics.ts'
import { scoreLtv } from '../ltv/predict.ts'

/** How models did on customers as they stood at an instant, by what these did within the horizon after it. */
export type Judgement = {
  customers: number
  churn: { auc: number; brier: number; ece: number }
  ltv: { mae: number; spearman: number; biasPercent: number }
}

/** Judges several bundles on the same rows. `histories` is read once. */
export async function judge(
  bundles: readonly ModelBundle[],
  histories: AsyncIterable<CustomerHistory>,
  { asOf, horizonDays }: { asOf: number; horizonDays: number },
): Promise<Judgement[]> {
  const builder = createTrainingSet({ origins: [asOf], horizonDays })
  for await (const history of histories) builder.add(history)
  const set = builder.finish()
  const churned = Float64Array.from(set.churned)
  return bundles.map(({ churn, ltv }) => {
    const told = new Float64Array(set.n)
    scoreChurn(churn, set, told, horizonDays)
    const { amount } = scoreLtv(ltv, set, horizonDays)
    return {
      customers: set.n,
      churn: { auc: auc(churned, told), brier: brier(churned, told), ece: ece(churned, told) },
      ltv: {
        mae: mae(set.spend, amount),
        spearman: spearman(set.spend, amount),
        biasPercent: 100 * bias(set.spend, amount),
      },
    }
  })
}

/** How far behind a candidate may be of a champion that has learnt the holdout's outcomes by heart: about what that is worth. */
const headStart = 1.03

/**
 * Whether a candidate is to take the champion's place: at least as good at churn, and no worse at spend by more than a hundredth. A champion
 * that was trained after the holdout has seen how it ended; then a younger one may be behind by 3 %, or none would ever follow within a horizon.
 */
export function isBetter(candidate: Judgement, champion: Judgement, hasSeenHoldout = false): boolean {
  const allowed = hasSeenHoldout ? headStart : 1
  return (
    candidate.churn.brier <= allowed * champion.churn.brier && candidate.ltv.mae <= 1.01 * allowed * champion.ltv.mae
  )
}
