import type { Channel, Situation, Tone } from '../situation.ts'
import { cleanName } from '../writing/clean.ts'

/** What stands around a message. */
export type Frame = { before: string; after: string }
type Sender = Pick<Situation, 'channel' | 'agentName' | 'brand' | 'signature'> & { name: string | null }

export const bare: Frame = { before: '', after: '' }

/** How letters begin; elsewhere nobody is "dear", and what follows stands on the same line. */
const letterGreetings: Record<Tone, (name: string | null) => string> = {
  PROFESSIONAL: (name) => `Dear ${name ?? 'customer'},`,
  EMPATHETIC: (name) => (name ? `Dear ${name},` : 'Hello,'),
  FRIENDLY: (name) => (name ? `Hi ${name}!` : 'Hi there!'),
  CONCISE: (name) => (name ? `Hello ${name},` : 'Hello,'),
  CASUAL: (name) => (name ? `Hey ${name},` : 'Hey,'),
  CONVERSATIONAL: (name) => (name ? `Hi ${name},` : 'Hello,'),
}
const hellos: Record<Tone, readonly [hello: string, stop: string]> = {
  PROFESSIONAL: ['Hello', '.'],
  EMPATHETIC: ['Hi', '.'],
  FRIENDLY: ['Hi', '!'],
  CONCISE: ['Hello', ':'],
  CASUAL: ['Hey', '!'],
  CONVERSATIONAL: ['Hello', '!'],
}
const closings: Record<Tone, string> = {
  PROFESSIONAL: 'Kind regards,',
  EMPATHETIC: 'With warm regards,',
  FRIENDLY: 'Best wishes,',
  CONCISE: 'Regards,',
  CASUAL: 'Cheers,',
  CONVERSATIONAL: 'All the best,',
}
const letters = new Set<Channel>(['EMAIL', 'FORM'])
/** A signature that brings its own closing. */
const closed = /^(?:(?:kind|best|warm|with|many)\b|regards|sincerely|cheers|thanks|thank you|yours)/i

/** Greeting and closing as the channel and the tone want them: the whole, and with less where there is less. */
export function framesOf(situation: Situation, tone: Tone): Frame[] {
  const { channel, customerName, agentName, brand, signature } = situation
  const name = addressed(customerName, tone === 'PROFESSIONAL' && letters.has(channel))
  return framesFor({ channel, name, agentName, brand, signature }, tone)
}

/** The same for a name that is known to be one, or stands for one. */
export function framesFor(sender: Sender, tone: Tone): Frame[] {
  const { channel, name, agentName } = sender
  const us = lineOf(sender.brand)
  if (letters.has(channel)) {
    const before = `${letterGreetings[tone](name)}\n\n`
    return [
      { before, after: `\n\n${closingOf(sender, tone)}` },
      { before, after: `\n\n${closings[tone]}\n${us}`.trimEnd() },
    ]
  }
  const [hello, stop] = hellos[tone]
  const before = `${[hello, name].filter(Boolean).join(' ')}${stop} `
  if (channel === 'SMS')
    return [
      { before, after: us ? ` – ${us}` : '' },
      { before, after: '' },
    ]
  if (channel === 'CHAT') return [{ before, after: '' }]
  const who = [lineOf(agentName ?? ''), us].filter((part) => part !== '').join(' from ')
  return [{ before: `${before.slice(0, -2)}, this is ${who || 'customer care'}. `, after: '' }]
}

function closingOf({ signature, agentName, brand }: Sender, tone: Tone): string {
  const own = linesOf(signature ?? '')
  if (closed.test(own)) return own
  const agent = lineOf(agentName ?? '')
  const names = own === '' ? [agent, lineOf(brand)] : own.includes(agent) ? [own] : [agent, own]
  return [closings[tone], ...names].filter((line) => line !== '').join('\n')
}

/** By the whole name only where one is formal; one that is no name is left out. */
function addressed(customerName: string | null, isFormal: boolean): string | null {
  const name = cleanName(customerName)
  if (!name) return null
  const whole = name.includes(',') ? name.split(',').reverse().join(' ').trim() : name
  return isFormal ? whole : (whole.split(' ')[0] ?? whole)
}

const lineOf = (text: string): string => linesOf(text).replace(/\s+/g, ' ').slice(0, 100).trim()
const linesOf = (text: string): string =>
  text
    .replace(/[^\P{C}\n]+/gu, ' ')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
