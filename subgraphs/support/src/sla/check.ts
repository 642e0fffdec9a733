import { refuse } from '@quimbi/service/errors.ts'
import { checkConditions } from '../common/conditions.ts'
import { text } from '../common/text.ts'
import { isTimeZone } from '../common/time-zone.ts'
import { secondsOf } from './calendar.ts'
import type { CalendarVersion, SlaPolicyVersion, SlaTargetRule } from './clock.ts'
import { subjectFields } from './rules.ts'

export type CalendarInput = Pick<CalendarVersion, 'name' | 'timeZone' | 'weekly' | 'holidays'>
export type PolicyInput = Pick<
  SlaPolicyVersion,
  'name' | 'order' | 'conditions' | 'isActive' | 'calendarId' | 'targets'
>

const longestSeconds = 365 * 86_400
const inInput = (...path: string[]): string[] => ['input', ...path]

/** A calendar as it may be saved. UserErrors. */
export function checkCalendar({ name, timeZone, weekly, holidays }: CalendarInput): CalendarInput {
  if (!isTimeZone(timeZone)) refuse('INVALID', 'This is no time zone, such as Europe/Paris.', inInput('timeZone'))
  return {
    name: text(name, { path: inInput('name'), max: 200 }),
    timeZone,
    weekly: checkWeekly(weekly),
    holidays: checkHolidays(holidays),
  }
}

function checkWeekly(weekly: CalendarInput['weekly']): CalendarInput['weekly'] {
  if (weekly.length === 0) refuse('INVALID', 'A calendar opens at least once a week.', inInput('weekly'))
  if (weekly.length > 168) refuse('LIMIT_EXCEEDED', 'A week has at most 168 openings.', inInput('weekly'))
  for (const [index, { weekday, opensAt, closesAt }] of weekly.entries()) {
    const at = (field: string) => inInput('weekly', String(index), field)
    if (weekday < 1 || weekday > 7) refuse('INVALID', 'A weekday lies between 1 and 7.', at('weekday'))
    if (!isTime(opensAt) || opensAt === '24:00:00') refuse('INVALID', 'This is no time HH:MM:SS.', at('opensAt'))
    if (!isTime(closesAt)) refuse('INVALID', 'This is no time HH:MM:SS.', at('closesAt'))
    if (opensAt >= closesAt) refuse('INVALID', 'It closes later than it opens.', at('closesAt'))
  }
  const inOrder = weekly.toSorted((a, b) => a.weekday - b.weekday || secondsOf(a.opensAt) - secondsOf(b.opensAt))
  for (const [index, { weekday, opensAt }] of inOrder.entries()) {
    const before = inOrder[index - 1]
    if (before?.weekday === weekday && before.closesAt > opensAt)
      refuse('INVALID', `Openings of weekday ${weekday} overlap.`, inInput('weekly'))
  }
  return inOrder.map(({ weekday, opensAt, closesAt }) => ({ weekday, opensAt, closesAt }))
}

const isTime = (time: string): boolean => time === '24:00:00' || /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(time)

function checkHolidays(holidays: CalendarInput['holidays']): CalendarInput['holidays'] {
  if (holidays.length > 1_000) refuse('LIMIT_EXCEEDED', 'A calendar has at most 1,000 holidays.', inInput('holidays'))
  const seen = new Set<string>()
  return holidays.map(({ date, name }, index) => {
    const path = inInput('holidays', String(index), 'date')
    if (!isDate(date)) refuse('INVALID', 'This is no day YYYY-MM-DD.', path)
    if (seen.has(date)) refuse('INVALID', `${date} is there twice.`, path)
    seen.add(date)
    return { date, name: text(name, { path: inInput('holidays', String(index), 'name'), max: 200 }) }
  })
}

function isDate(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`)
  return /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date)
}

/** A policy as it may be saved; whether its calendar is there is the caller's to see. UserErrors. */
export function checkPolicy({ name, order, conditions, isActive, calendarId, targets }: PolicyInput): PolicyInput {
  if (Math.abs(order) > 1_000_000)
    refuse('INVALID', 'An order lies between −1,000,000 and 1,000,000.', inInput('order'))
  const checked = targets.map((target, index) => checkTarget(target, inInput('targets', String(index))))
  if (new Set(checked.map(({ metric, priority }) => `${metric} ${priority}`)).size < checked.length)
    refuse('INVALID', 'There is one target for a metric and a priority.', inInput('targets'))
  if (calendarId === null && checked.some(({ businessHours }) => businessHours))
    refuse('REQUIRED', 'Targets in business hours need a calendar.', inInput('calendarId'))
  return {
    name: text(name, { path: inInput('name'), max: 200 }),
    order,
    conditions: checkConditions(conditions, { fields: subjectFields, past: false, path: inInput('conditions') }),
    isActive,
    calendarId,
    targets: checked,
  }
}

function checkTarget(target: SlaTargetRule, path: string[]): SlaTargetRule {
  const { metric, priority, seconds, warnBeforeSeconds, businessHours } = target
  if (seconds < 1 || seconds > longestSeconds)
    refuse('INVALID', 'A target lies between a second and a year.', [...path, 'seconds'])
  if (warnBeforeSeconds < 0 || warnBeforeSeconds > longestSeconds)
    refuse('INVALID', 'A warning comes at most a year before, and not after.', [...path, 'warnBeforeSeconds'])
  return { metric, priority, seconds, warnBeforeSeconds, businessHours }
}
