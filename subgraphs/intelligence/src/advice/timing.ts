import { refuse } from '@quimbi/service/errors.ts'
import { createLocalTime } from '../insight/local-time.ts'
import { optimizeTiming as bestTime, type MessageType } from '../insight/timing.ts'
import type { Rhythm } from './rhythm.ts'
import { knownSubject, subjectOf, type Asking, type Named, type Subject } from './subject.ts'

/** When to write to a customer. @throws UserErrors as subjectOf, and INVALID for a time zone that does not exist */
export async function optimizeTiming(
  asking: Asking,
  input: Named & { messageType: MessageType; timeZone?: string | null | undefined },
) {
  const timeZone = checkZone(input.timeZone ?? 'UTC')
  const subject = await subjectOf(asking, input)
  return timeFor(subject, await asking.loaders.rhythmIn.load(timeZone), input.messageType)
}

/** For a stored customer, in UTC; null for one whom nobody knows. */
export async function optimalContact(asking: Asking, customerId: string, messageType: MessageType) {
  const [subject, rhythm] = await Promise.all([knownSubject(asking, customerId), asking.loaders.rhythmIn.load('UTC')])
  return subject && timeFor(subject, rhythm, messageType)
}

function timeFor({ history, asOf }: Subject, { model, localTime }: Rhythm, messageType: MessageType) {
  const { at, ...rest } = bestTime(model, { history, messageType, localTime, now: asOf })
  return { ...rest, at: new Date(at) }
}

function checkZone(timeZone: string): string {
  try {
    createLocalTime(timeZone)
    return timeZone
  } catch {
    return refuse('INVALID', 'There is no such time zone.', ['input', 'timeZone'])
  }
}
