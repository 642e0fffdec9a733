import { codedError } from '@quimbi/service/errors.ts'
import { createRandom } from '@quimbi/service/random.ts'
import { gammaCenter, paretoCenter } from './btyd.ts'
import { outlook } from './design.ts'
import { fitInterval } from './interval.ts'
import { type LtvModel, onlyBuying } from './model.ts'
import { imagineCustomer, knownAt } from './simulate.ts'

const imagined = 4_000
const oldestWeeks = 104

/**
 * The forecast for a tenant with too little data: customers buy as in a plain shop, at this shop's value of a purchase day
 * (currency). Its interval is that of customers imagined so; nothing of anyone's data is in it.
 * @throws GraphQLError BAD_USER_INPUT unless the value is above 0 (NO_SPEND)
 */
export function priorLtv({ horizonDays, meanValue }: { horizonDays: number; meanValue: number }): LtvModel {
  if (!(meanValue > 0 && Number.isFinite(meanValue)))
    throw codedError('BAD_USER_INPUT', `A purchase day of value ${meanValue} tells nothing.`, { reason: 'NO_SPEND' })
  const gammaGamma = { ...gammaCenter, gamma: meanValue * gammaCenter.gamma }
  const buying = { pareto: paretoCenter, gammaGamma, meanValue }
  const random = createRandom(1)
  const customers = Array.from({ length: imagined }, () => {
    const age = random() * oldestWeeks
    const purchases = imagineCustomer(buying, age + horizonDays / 7, random)
    const future = purchases.filter(({ at }) => at > 0 && at >= age)
    const spend = future.reduce((sum, { value }) => sum + value, 0)
    return { ...outlook(buying, knownAt(purchases, age), horizonDays), spend }
  })
  const forecast = Float64Array.from(customers, ({ orders, value }) => orders * value)
  const spend = Float64Array.from(customers, (customer) => customer.spend)
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / imagined
  return {
    horizonDays,
    buying,
    members: null,
    weights: onlyBuying,
    typical: {
      orders: mean(customers.map(({ orders }) => Math.log(orders))),
      value: mean(customers.map(({ value }) => Math.log(value / meanValue))),
    },
    scale: meanValue,
    unit: meanValue,
    interval: fitInterval(forecast, spend, { unit: meanValue }),
    trainedOn: 0,
    source: 'PRIOR',
  }
}
