// Many subscribers of the gateway, in a process of their own: argument 1 is the gateway's address. Driven by messages.
import { setTimeout as delay } from 'node:timers/promises'
import { openLiveSocket, type LiveSocket } from './live-socket.ts'
import { filterOf, liveQuery, type Member, type Scope } from './live-world.ts'
import { quantile } from './quantile.ts'

/** What the process is asked, and what it answers; each question has one answer. */
export type Question =
  | { ask: 'open'; members: Member[] }
  /** How many results came since the last time it was asked, and how long after their event. */
  | { ask: 'told' }
  /** Each scope's events in order: what of them is missing. */
  | { ask: 'compare'; expected: Record<Scope, string[]> }
  /** Subscribes and leaves so many times more. */
  | { ask: 'churn'; count: number }
export type Answers = {
  open: { subscribers: number }
  told: { deliveries: number; p50Ms: number; p99Ms: number; lastAt: number }
  compare: { lost: number; duplicates: number; outOfOrder: number; ended: number }
  churn: { failures: string[] }
}

type Subscriber = { scope: Scope; socket: LiveSocket; heard: string[]; isClosed: boolean; ponged(): void }

const url = process.argv[2] ?? ''
const subscribers: Subscriber[] = []
let [deliveries, lastAt, closed] = [0, 0, 0]
const failures: string[] = []
let waits: number[] = []

const between = (text: string, before: string, length: number) => {
  const at = text.indexOf(before)
  return at < 0 ? '' : text.slice(at + before.length, at + before.length + length)
}

function hear(subscriber: Subscriber, text: string): void {
  if (text.startsWith('{"type":"pong"')) return subscriber.ponged()
  if (!text.includes('"type":"next"')) return void failures.push(text)
  const id = between(text, '"inboxUpdated":{"id":"', 36)
  lastAt = Date.now()
  deliveries += 1
  subscriber.heard.push(id)
  waits.push(lastAt - Date.parse(between(text, '"occurredAt":"', 24)))
}

const subscription = (id: string, scope: Scope) => ({
  id,
  type: 'subscribe',
  payload: { query: liveQuery, variables: { filter: filterOf(scope) } },
})

async function open(members: readonly Member[]): Promise<Answers['open']> {
  for (let at = 0; at < members.length; at += 50)
    await Promise.all(
      members.slice(at, at + 50).map(async ({ scope, token }) => {
        const subscriber: Subscriber = {
          scope,
          heard: [],
          isClosed: false,
          ponged() {},
          socket: { send() {}, close() {} },
        }
        subscribers.push(subscriber)
        const onMessage = (text: string) => hear(subscriber, text)
        const onClosed = () => {
          closed += 1
          subscriber.isClosed = true
          subscriber.ponged()
        }
        subscriber.socket = await openLiveSocket({ url, token, onMessage, onClosed })
        subscriber.socket.send(subscription('1', scope))
      }),
    )
  return { subscribers: subscribers.length }
}

function told(): Answers['told'] {
  const answer = { deliveries, p50Ms: quantile(waits, 0.5), p99Ms: quantile(waits, 0.99), lastAt }
  deliveries = 0
  waits = []
  return answer
}

function compare(expected: Record<Scope, string[]>): Answers['compare'] {
  const answer = { lost: 0, duplicates: 0, outOfOrder: 0, ended: closed + failures.length }
  for (const { scope, heard } of subscribers) {
    const places = new Map(expected[scope].map((id, at) => [id, at]))
    const seen = new Set(heard)
    answer.lost += expected[scope].filter((id) => !seen.has(id)).length
    answer.duplicates += heard.length - seen.size
    answer.outOfOrder += heard.filter(
      (id, at) => at > 0 && (places.get(id) ?? -1) < (places.get(heard[at - 1] ?? '') ?? -1),
    ).length
  }
  return answer
}

let serial = 0

/** When the gateway has taken in all that was sent on these sockets. */
const takenIn = (some: readonly Subscriber[]): Promise<unknown> =>
  Promise.all(
    some.map((subscriber) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      if (subscriber.isClosed) return undefined
      subscriber.ponged = resolve
      subscriber.socket.send({ type: 'ping' })
      return promise
    }),
  )

/** Ten at a time on each of fifty sockets, no faster than the gateway takes them in: what would wait before it is not its memory. */
async function churn(count: number): Promise<Answers['churn']> {
  const before = failures.length
  const some = subscribers.slice(0, 50)
  for (let done = 0; done < count;) {
    const begun: { socket: LiveSocket; id: string }[] = []
    for (const { socket, scope } of some) {
      for (let n = 0; n < 10 && done < count; n += 1, done += 1) {
        const id = `churn-${(serial += 1)}`
        socket.send(subscription(id, scope))
        begun.push({ socket, id })
      }
    }
    await takenIn(some)
    await delay(40)
    for (const { socket, id } of begun) socket.send({ id, type: 'complete' })
    await takenIn(some)
  }
  return { failures: failures.slice(before, before + 3) }
}

async function answer(question: Question): Promise<Answers[Question['ask']]> {
  if (question.ask === 'open') return open(question.members)
  if (question.ask === 'told') return told()
  if (question.ask === 'compare') return compare(question.expected)
  return churn(question.count)
}

process.on('message', (question: Question) => void answer(question).then((answered) => process.send?.(answered)))
process.on('disconnect', () => process.exit())
process.send?.('ready')
