import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../generated/prisma/client.ts'
import { deliveryUnknown, leaseMs } from '../src/channels/delivery.ts'
import { openSmtp } from './delivery-smtp.ts'
import { openSupport, start, type TestSupport } from './kit.ts'

let support: TestSupport
let smtp: Awaited<ReturnType<typeof openSmtp>>
/** Holds a mail that the server has in hand, before it is acknowledged. */
let inData: { reached: PromiseWithResolvers<void>; goOn: PromiseWithResolvers<void> } | null
let message: Message

beforeAll(async () => {
  smtp = await openSmtp({
    async onMail() {
      inData?.reached.resolve()
      await inData?.goOn.promise
    },
  })
  support = await openSupport({ settings: { smtpUrl: smtp.url, mailFrom: 'support@shop.example' } })
})
afterAll(async () => {
  await support.close()
  await smtp.close()
})
beforeEach(async () => {
  inData = null
  smtp.taken.length = 0
  support.clock.set(start)
  message = await support.aMessage(await support.aTicket(await support.aTenant()), {
    ...{ deliveryStatus: 'HELD', nextAttemptAt: start, recipient: 'mia@mail.example', channel: 'EMAIL' },
  })
})

/** Runs a deliverer in another process until it stands at a step, then kills it. */
async function killedAt(step: 'taking' | 'taken' | 'delivered' | 'in data'): Promise<void> {
  const script = fileURLToPath(new URL('./delivery-child.ts', import.meta.url))
  const args = ['--database', support.url, '--smtp', smtp.url, '--now', start.toISOString(), '--step', step]
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const reached = step === 'in data' ? inData?.reached.promise : once(child.stdout, 'data')
  await Promise.race([reached, ended])
  child.kill('SIGKILL')
  expect((await ended)[1]).toBe('SIGKILL')
}

/** What a new instance makes of it: at once, after the lease, and a day later. */
async function finished(): Promise<Message> {
  for (const ms of [0, leaseMs, 86_400_000]) {
    support.clock.advance(ms)
    await support.module.settle()
  }
  const { tenantId, id } = message
  return support.database.forTenant(tenantId).message.findFirstOrThrow({ where: { tenantId, id } })
}

const failures = async (): Promise<number> => {
  await support.module.sequence()
  const { tenantId, ticketId } = message
  return support.database
    .forTenant(tenantId)
    .loggedEvent.count({ where: { tenantId, ticketId, type: 'DELIVERY_FAILED' } })
}

const mails = () => smtp.taken.filter(({ messageId }) => messageId === `<${message.id}@shop.example>`).length

describe('a deliverer that is killed', () => {
  it('before it took the message: another one sends it, once', async () => {
    await killedAt('taking')
    expect(await finished()).toMatchObject({ deliveryStatus: 'SENT', attempts: 1 })
    expect(mails()).toBe(1)
    expect(await failures()).toBe(0)
  })

  it('after it took the message, before it connected: the message is not sent, and its agent is told so', async () => {
    await killedAt('taken')
    expect(await finished()).toMatchObject({ deliveryStatus: 'FAILED', attempts: 1, lastError: deliveryUnknown })
    expect(mails()).toBe(0)
    expect(await failures()).toBe(1)
  })

  it('while the server has the mail in hand: it arrives once, and is told as unknown', async () => {
    inData = { reached: Promise.withResolvers(), goOn: Promise.withResolvers() }
    await killedAt('in data')
    inData.goOn.resolve()
    expect(await finished()).toMatchObject({ deliveryStatus: 'FAILED', attempts: 1, lastError: deliveryUnknown })
    expect(mails()).toBe(1)
    expect(await failures()).toBe(1)
  })

  it('after the server acknowledged, before that was written: it is not sent again', async () => {
    await killedAt('delivered')
    expect(mails()).toBe(1)
    expect(await finished()).toMatchObject({ deliveryStatus: 'FAILED', attempts: 1, lastError: deliveryUnknown })
    expect(mails()).toBe(1)
    expect(await failures()).toBe(1)
  })
})
