import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createFileStore } from '../src/attachments/store.ts'
import { createAdapters } from '../src/channels/adapters.ts'
import { createDeliverer } from '../src/channels/deliverer.ts'
import { openSmtp } from './delivery-smtp.ts'
import { openSupport, type TestSupport } from './kit.ts'

let support: TestSupport
let smtp: Awaited<ReturnType<typeof openSmtp>>
const posted: { data: { ticketId: string } }[] = []
const receiver = createServer((request, response) => {
  void text(request).then((body) => {
    posted.push(JSON.parse(body) as (typeof posted)[number])
    response.writeHead(204).end()
  })
})

beforeAll(async () => {
  smtp = await openSmtp()
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const settings = { smtpUrl: smtp.url, mailFrom: 'support@shop.example', webhooksToLoopback: true }
  support = await openSupport({ settings })
})
afterAll(async () => {
  await support.close()
  await smtp.close()
  await new Promise<void>((resolve) => (receiver.close(() => resolve()), receiver.closeAllConnections()))
})

it('a demo ticket beside a real one reaches no customer, no webhook and no report; the real one reaches all three', async () => {
  const { clock, database, log, settings } = support
  const tenant = await support.aTenant()
  await database.system.tenant.updateMany({ where: { id: tenant.id }, data: { demoMode: true, undoSendSeconds: 0 } })
  const ask = await support.asAgent(await support.anAgent(tenant))
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const save = `mutation ($input: SaveWebhookEndpointInput!) { saveWebhookEndpoint(input: $input) { userErrors { code } } }`
  await ask(save, { input: { url, eventTypes: ['MESSAGE_SENT'] } })
  const real = await support.aTicket(tenant)
  const demo = await support.aTicket(tenant, { isDemo: true, customerId: real.customerId })

  const send = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } userErrors { code } } }`
  for (const { id } of [demo, real]) {
    const { data } = await ask<{ sendMessage: { userErrors: unknown[] } }>(send, {
      input: { ticketId: id, content: 'On its way.', idempotencyKey: id },
    })
    expect(data?.sendMessage.userErrors).toEqual([])
  }
  const say = `mutation ($input: AddDemoMessageInput!) { addDemoMessage(input: $input) { userErrors { code } } }`
  await ask(say, { input: { ticketId: demo.id, content: 'Played.', fromAgent: true } })

  const deliverer = createDeliverer({
    ...{ database, clock, log, settings, adapters: createAdapters(settings), files: createFileStore(settings) },
    pollMs: 20,
  })
  await deliverer.start()
  await vi.waitFor(async () => {
    const waiting = { tenantId: tenant.id, nextAttemptAt: { not: null } }
    expect(await database.system.message.count({ where: waiting })).toBe(0)
  }, 20_000)
  await deliverer.stop()
  await support.module.settle()

  const customer = await database.system.customer.findFirstOrThrow({ where: { id: real.customerId } })
  expect(smtp.taken.map(({ to }) => to)).toEqual([[customer.email]])
  expect(posted.map(({ data }) => data.ticketId)).toEqual([real.id])
  const query = `query ($from: DateTime!, $to: DateTime!) { supportMetrics(from: $from, to: $to) { created byAgent { replied } } }`
  const day = 86_400_000
  const range = { from: new Date(clock.now().getTime() - day), to: new Date(clock.now().getTime() + day) }
  const { data } = await ask(query, { from: range.from.toISOString(), to: range.to.toISOString() })
  expect(data).toEqual({ supportMetrics: { created: 1, byAgent: [{ replied: 1 }] } })
})
