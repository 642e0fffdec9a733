import { parseArgs } from 'node:util'

/** What `npm run backtest` was asked to do; `origin` in ms. */
export type BacktestArguments = { orders: string; origin: number; horizonDays: number; out: string; seed: number }

/** What is wrong with a command line; `code` is for programs. */
export class ArgumentError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'ArgumentError'
    this.code = code
  }
}

/** What `npm run backtest -- --help` prints. */
export const backtestHelp = `npm run backtest -- --orders FILE --origin DATE --horizon DAYS --out FILE [--seed N]

Trains churn and lifetime value on the orders before DATE alone and forecasts the DAYS from it on, for every customer with
an order before it.

  --orders FILE    customer_id,order_id,ts,amount,items,lines,is_return[,country]; plain or gzipped, in any order
  --origin DATE    2011-09-10, or an instant such as 2011-09-10T12:00Z; UTC unless it says
  --horizon DAYS   28 to 365
  --out FILE       customer_id,churn_probability,ltv,ltv_lo,ltv_hi; the interval holds 90 %
  --seed N         1 unless given; the same seed and orders give the same bytes

Lines that cannot be read are left out and counted. Who only returned is taken to have bought that, at that moment. It ends with code 2 where the command line is wrong, with 1 where the
work fails.

  npm run backtest -- --orders ../shared/data/online_retail/orders.csv.gz --origin 2011-09-10 --horizon 91 --out out.csv
`

const options = {
  orders: { type: 'string' },
  origin: { type: 'string' },
  horizon: { type: 'string' },
  out: { type: 'string' },
  seed: { type: 'string', default: '1' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Parses the command line; null when help was asked for. @throws ArgumentError */
export function backtestArguments(argv: readonly string[]): BacktestArguments | null {
  const values = parsed(argv)
  if (values.help || argv.length === 0) return null
  const { orders, origin, horizon, out, seed } = values
  if (!orders) throw new ArgumentError('ORDERS', 'Say where the orders are: --orders FILE.')
  if (!origin) throw new ArgumentError('ORIGIN', 'Say where the forecast starts: --origin DATE.')
  if (!horizon) throw new ArgumentError('HORIZON', 'Say how far to look: --horizon DAYS.')
  if (!out) throw new ArgumentError('OUT', 'Say where the forecasts go: --out FILE.')
  const horizonDays = wholeNumber(horizon)
  if (horizonDays === null || horizonDays < 28 || horizonDays > 365)
    throw new ArgumentError('HORIZON', `--horizon is 28 to 365 whole days, not "${horizon}".`)
  const seedNumber = wholeNumber(seed)
  if (seedNumber === null) throw new ArgumentError('SEED', `--seed is a whole number, not "${seed}".`)
  return { orders, origin: instantOf(origin), horizonDays, out, seed: seedNumber }
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options }).values
  } catch (error) {
    throw new ArgumentError('UNKNOWN', error instanceof Error ? error.message : String(error))
  }
}

const wholeNumber = (text: string): number | null => (/^\d{1,9}$/.test(text) ? Number(text) : null)

function instantOf(text: string): number {
  const [, day = '', time = 'T00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? []
  const midnight = Date.parse(`${day}T00:00Z`)
  const instant = Date.parse(`${day}${time}${zone}`)
  // The engine takes 30 February for 2 March.
  if (Number.isNaN(instant) || !new Date(midnight).toISOString().startsWith(day))
    throw new ArgumentError('ORIGIN', `--origin is a date such as 2011-09-10, not "${text}".`)
  return instant
}
