import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixedClock } from '@quimbi/service/clock.ts'
import { readEnvironment } from '@quimbi/service/config.ts'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { limitsEnvironment, onlyWithDocuments } from './config.ts'
import { limitsOf } from './limits.ts'

const folder = mkdtempSync(join(tmpdir(), 'documents-'))
afterAll(() => rmSync(folder, { recursive: true }))

const path = join(folder, 'manifest.json')
const operations = [{ id: 'a', name: 'A', type: 'query', body: '{ a }' }]
writeFileSync(path, JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }))

const schema = z.object(limitsEnvironment)
const read = (environment: Record<string, string>) => readEnvironment(schema, environment)

describe('the limits that are configured', () => {
  it('need nothing', () => {
    const limits = limitsOf(read({}), { clock: fixedClock('2026-01-01T00:00:00Z') })
    expect(limits).toMatchObject({
      maxCost: 20_000,
      agent: { capacity: 200_000, perMinute: 200_000 },
      // As much at once as one document may cost.
      anonymous: { capacity: 20_000, perMinute: 2_000 },
      documents: undefined,
    })
  })

  it('are read', () => {
    const origins = 'https://Console.example/, http://localhost:5173'
    const config = read({ PERSISTED_DOCUMENTS: path, PERSISTED_DOCUMENTS_ONLY: 'true', CORS_ORIGINS: origins })
    expect(config.CORS_ORIGINS).toEqual(['https://console.example', 'http://localhost:5173'])
    const { documents } = limitsOf(config, { clock: fixedClock('2026-01-01T00:00:00Z') })
    expect(documents).toMatchObject({ only: true })
    expect(documents?.known.bodyOf('a')).toBe('{ a }')
  })

  it('are told with every mistake at once', () => {
    const wrong = {
      MAX_QUERY_COST: '0',
      AGENT_POINTS_PER_MINUTE: 'many',
      PERSISTED_DOCUMENTS: join(folder, 'none.json'),
      CORS_ORIGINS: 'https://a.example/path',
      INTROSPECTION: 'maybe',
    }
    const told = messageOf(() => read(wrong))
    for (const name of Object.keys(wrong)) expect(told).toContain(`  ${name}: `)
    expect(told).toContain('ENOENT')
    expect(messageOf(() => read({ CORS_ORIGINS: '*' }))).toContain('origins such as https://console.example')
  })

  it('do not leave a gateway that takes no document', () => {
    const [holds] = onlyWithDocuments
    expect(holds(read({ PERSISTED_DOCUMENTS_ONLY: 'true' }))).toBe(false)
    expect(holds(read({ PERSISTED_DOCUMENTS_ONLY: 'true', PERSISTED_DOCUMENTS: path }))).toBe(true)
    expect(holds(read({}))).toBe(true)
  })
})

function messageOf(run: () => unknown): string {
  try {
    run()
    return ''
  } catch (error) {
    return (error as Error).message
  }
}
