import { formatDuration, words } from '../../../shared/format.ts'
import type { SlaMetric, TicketPriority } from './generated/SlaPolicies.ts'

export const priorities: readonly TicketPriority[] = ['URGENT', 'HIGH', 'NORMAL', 'LOW']
export const metrics: readonly SlaMetric[] = [
  'FIRST_RESPONSE',
  'NEXT_RESPONSE',
  'RESOLUTION',
  'REQUESTER_WAIT',
  'AGENT_WORK',
]

export const metricMeanings: Record<SlaMetric, string> = {
  FIRST_RESPONSE: 'Until the first reply.',
  NEXT_RESPONSE: 'From each message of the customer to a reply.',
  RESOLUTION: 'Until it is closed.',
  REQUESTER_WAIT: 'All time in which the customer waits.',
  AGENT_WORK: 'All time in which it is on your side.',
}

export type Target = {
  metric: SlaMetric
  priority: TicketPriority
  seconds: number
  warnBeforeSeconds: number
  businessHours: boolean
}

/** A place in the table of targets: nothing is promised while `seconds` is null. */
export type Slot = Omit<Target, 'seconds'> & { seconds: number | null }

/** A warning a quarter of an hour before, as the service has it unless told. */
const usualWarning = 900

/** Every metric and priority, with what is promised for it. */
export const slotsOf = (targets: readonly Target[]): Slot[] =>
  priorities.flatMap((priority) =>
    metrics.map((metric) => {
      const known = targets.find((target) => target.metric === metric && target.priority === priority)
      const { seconds = null, warnBeforeSeconds = usualWarning, businessHours = false } = known ?? {}
      return { metric, priority, seconds, warnBeforeSeconds, businessHours }
    }),
  )

/** Only what is promised. */
export const targetsOf = (slots: readonly Slot[]): Target[] =>
  slots.flatMap(({ seconds, ...slot }) => (seconds === null ? [] : [{ ...slot, seconds }]))

/** "First response: Urgent 30 min, High 1 h". */
export const promiseWords = (targets: readonly Target[]): string[] =>
  metrics.flatMap((metric) => {
    const of = priorities.flatMap((priority) => {
      const target = targets.find((one) => one.metric === metric && one.priority === priority)
      return target ? [`${words(priority)} ${formatDuration(target.seconds)}`] : []
    })
    return of.length === 0 ? [] : [`${words(metric)}: ${of.join(', ')}`]
  })
