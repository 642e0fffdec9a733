// The attack list of the partner door against a running server.
import { newId } from '@quimbi/database/ids.ts'
import { attacks, type AttackAnswer } from '@quimbi/intelligence/partner/attacks.test-kit.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { parseServiceKeys } from '@quimbi/service/service-keys.ts'
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { openPartnerServers } from './lib/partner-world.ts'
import { quantile } from './lib/quantile.ts'

/** `tried` requests of an attacker who has a key, `refused` of them; the server must answer everybody else meanwhile. @public */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const servers = await openPartnerServers({ instances: 1, customers: 100 })
  try {
    const url = servers.services[0]?.url ?? ''
    const serviceKeys = parseServiceKeys(servers.secrets.SERVICE_KEYS)
    const honest = await servers.key(100_000)
    const tried = new Map<string, { tried: number; refused: number }>()
    const waits: number[] = []
    const until = performance.now() + (quick ? 1 : (seconds ?? 30)) * 1_000
    do {
      // A key of a tenant of its own: what it asks of is somebody else's.
      const key = await servers.key(100_000, newId())
      const theirCustomerId = servers.customerIds[0] ?? ''
      for (const { name, requests, isRefused } of attacks({ key, theirCustomerId, serviceKeys, clock: systemClock })) {
        let answer: AttackAnswer = { status: 0, text: '' }
        for (const { path = '/partner/graphql', headers = {}, body } of requests)
          answer = await post(`${url}${path}`, headers, body)
        const counted = tried.get(name) ?? { tried: 0, refused: 0 }
        const refused = isRefused(answer)
        if (!refused) log(`${name} was answered: ${answer.status} ${answer.text.slice(0, 200)}`)
        tried.set(name, { tried: counted.tried + 1, refused: counted.refused + Number(refused) })
        const began = performance.now()
        const { status } = await post(`${url}/partner/graphql`, { 'x-api-key': honest }, '{"query":"{ __typename }"}')
        if (status !== 200) throw new Error(`after "${name}" an honest request was answered with ${status}`)
        waits.push(performance.now() - began)
      }
    } while (performance.now() < until)
    const rows = [...tried].map(([name, one]) => [name, one.tried, one.refused])
    const sum = (of: 'tried' | 'refused') => [...tried.values()].reduce((total, one) => total + one[of], 0)
    return {
      table: { columns: ['attack', 'tried', 'refused'], rows },
      figures: {
        attacks: rows.length,
        tried: sum('tried'),
        refused: sum('refused'),
        honestP95Ms: quantile(waits, 0.95),
      },
    }
  } finally {
    await servers.close()
  }
}

async function post(url: string, headers: Record<string, string>, body: string): Promise<AttackAnswer> {
  return (
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close', ...headers },
      body,
    })
      .then(async (answer) => ({ status: answer.status, text: await answer.text() }))
      // Cut while it was sending.
      .catch(() => ({ status: 0, text: '' }))
  )
}
