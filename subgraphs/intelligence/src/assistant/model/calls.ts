import type { Breaker } from '@quimbi/service/breaker.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import { openDeadline } from '@quimbi/service/deadline.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { createTally } from '@quimbi/service/tally.ts'
import type { z } from 'zod'
import type { IntelligenceDatabase } from '../../database.ts'
import { readAnswer } from './answer-schema.ts'
import { ask, type Prompt, type Received, type Server } from './ask.ts'
import { createBudget } from './budget.ts'
import { failureOf, modelFailure } from './failures.ts'
import type { ModelMetrics } from './metrics.ts'
import type { Patience } from './patience.ts'
import { twice } from './tries.ts'
import { type Account, charge, costMicrosOf, dayOf, tokensIn } from './usage.ts'

/** One question to the model, of one tenant; `purpose` is a name from a small closed set. */
export type Call<T> = {
  tenantId: string
  purpose: string
  prompt: Prompt
  shape: z.ZodType<T>
  signal?: AbortSignal | undefined
  /** Told of the answer's own text as it comes. What was told is never told again: then there is no second try. */
  onText?: ((piece: string) => void) | undefined
}

export type CallsMeans = {
  server: Server
  /** what is charged to: the model's name */
  generator: string
  breaker: Breaker
  patience: Patience
  /** of one call, a second try included */
  timeoutMs: number
  dailyTokens: number
  prices: { input: number; output: number }
  /** calls at once, of this process and of one tenant */
  most: { process: number; tenant: number }
  clock: Clock
  log: Logger
  metrics: ModelMetrics
  database: Pick<IntelligenceDatabase, 'forTenant'>
  random(): number
}

export type Calls = <T>(call: Call<T>) => Promise<T>

/** Calls within bounds: of time, of money, of how many at once, and none while the server fails. Rejects with a model failure, or the signal's reason. */
export function createCalls(means: CallsMeans): Calls {
  const { breaker, metrics, log, most } = means
  const tally = createTally()
  const send = createSender(means)

  function enter(tenantId: string): () => void {
    const leaveProcess = tally.enter('', most.process)
    const leaveTenant = leaveProcess && tally.enter(tenantId, most.tenant)
    if (leaveTenant) return () => void [leaveTenant(), leaveProcess()]
    leaveProcess?.()
    throw modelFailure('MODEL_BUSY')
  }

  async function run<T>(call: Call<T>): Promise<T> {
    call.signal?.throwIfAborted()
    const leave = enter(call.tenantId)
    let isSent = false
    try {
      return await breaker.run(() => {
        isSent = true
        return send(call)
      })
    } catch (error) {
      throw isSent ? error : modelFailure('MODEL_PAUSED')
    } finally {
      leave()
    }
  }

  return async (call) => {
    const { purpose, signal } = call
    try {
      const answer = await run(call)
      metrics.called(purpose, 'ok')
      return answer
    } catch (error) {
      const failure = failureOf(error)
      metrics.called(purpose, failure ?? (signal?.aborted ? 'left' : 'failed'))
      if (failure !== null && !quiet.has(failure)) log.warn({ err: error, purpose }, 'the language model failed')
      throw error
    }
  }
}

/** These may come a thousand times a second, and are counted. */
const quiet = new Set(['MODEL_BUDGET', 'MODEL_BUSY', 'MODEL_PAUSED'])

function createSender(means: CallsMeans): Calls {
  const { database, clock, metrics, timeoutMs, dailyTokens, generator, server, patience, breaker, random } = means
  const budget = createBudget(dailyTokens)

  async function answered<T>(call: Call<T>, tries: Received[]): Promise<T> {
    const { prompt, shape, signal, onText } = call
    const started = performance.now()
    const deadline = openDeadline({ ms: timeoutMs, signal })
    const firstMs = patience.waitMs(breaker.state === 'half-open')
    const once = async () => {
      const [received, from] = [{ text: '', usage: null, isTaken: false }, performance.now()]
      tries.push(received)
      const onFirst = () => patience.took(performance.now() - from)
      const options = { signal: deadline.signal, firstMs, nextMs: patience.waitMs(true), onFirst, onText }
      await ask(server, prompt, received, options)
      return received.text
    }
    try {
      const text = await twice(once, {
        signal: deadline.signal,
        leftMs: () => timeoutMs - (performance.now() - started),
        mayRetry: () => !onText || tries.every((received) => received.text === ''),
        random,
      })
      return readAnswer(text, shape)
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      throw deadline.signal.aborted ? modelFailure('MODEL_SLOW') : error
    } finally {
      deadline.close()
      metrics.took(call.purpose, (performance.now() - started) / 1_000)
    }
  }

  return async (call) => {
    const { tenantId, purpose, prompt } = call
    const account = { tenantId, purpose, generator, day: dayOf(clock.now()) }
    const input = tokensIn(prompt.system.length + prompt.user.length)
    const letGo = await budget.hold(database.forTenant(tenantId), tenantId, account.day, input + prompt.maxTokens)
    const tries: Received[] = []
    let isFailure = true
    try {
      const answer = await answered(call, tries)
      isFailure = false
      return answer
    } finally {
      await settle(means, account, { tries, input, isFailure })
      letGo()
    }
  }
}

type Outcome = { tries: readonly Received[]; input: number; isFailure: boolean }

/** Puts a call on the tenant's account: what the server says it used, or an estimate where it did not come to say so. */
async function settle(means: CallsMeans, account: Account, { tries, input: estimate, isFailure }: Outcome) {
  const { database, metrics, log, prices } = means
  const used = { input: 0, output: 0 }
  for (const { usage, text, isTaken } of tries) {
    if (!isTaken) continue
    used.input += usage?.input ?? estimate
    used.output += usage?.output ?? tokensIn(text.length)
  }
  const spent = { ...used, costMicros: costMicrosOf(used, prices), isFailure }
  metrics.charged(account.purpose, spent)
  try {
    await charge(database.forTenant(account.tenantId), account, spent)
  } catch (error) {
    // What was written is worth more than its bill.
    log.error({ err: error, purpose: account.purpose }, 'what the language model used could not be charged')
  }
}
