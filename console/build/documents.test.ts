import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCostLimits } from '@quimbi/service/cost/cost-limits.ts'
import { clientLimits, refuseBeyond } from '@quimbi/service/document-limits.ts'
import { parseManifest } from '@quimbi/service/persisted.ts'
import { usualPoints } from '@quimbi/gateway/limits/limits.ts'
import { buildSchema, parse, specifiedRules, validate } from 'graphql'
import { afterAll, describe, expect, it } from 'vitest'
import { readOperations } from './documents.ts'

const project = join(import.meta.dirname, '../..')
const read = (name: string) => readFileSync(join(project, 'schema', name), 'utf8')

/** Of pages that are read one after the other; no page of the console is larger. */
const largestPage = 50

const operations = await readOperations(join(import.meta.dirname, '../src'))

describe("the console's documents", () => {
  const schema = buildSchema(read('api.graphql'))
  const costs = createCostLimits(read('supergraph.graphql'), usualPoints.document)
  const { validationRules, parseOptions } = refuseBeyond(clientLimits)

  it.each(operations.map((one) => [one.name, one] as const))(
    '%s is one that the graph takes: valid, within its limits and its cost',
    (_name, { body }) => {
      const document = parse(body, parseOptions)
      expect(validate(schema, document, [...specifiedRules, ...validationRules]).map(({ message }) => message)).toEqual(
        [],
      )
      expect(costs.checkDocument(document, { first: largestPage }).requested).toBeLessThan(usualPoints.document)
    },
  )

  it('are a manifest as the gateway reads it', () => {
    const text = JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations })
    const manifest = parseManifest(text)
    for (const { id, body } of operations) expect(manifest.bodyOf(id)).toBe(body)
    expect(manifest.size).toBeGreaterThan(10)
  })
})

describe('documents of files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'documents-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text)

  it('bring the fragments they need, each once, however deep, and ids that change with any of them', async () => {
    put('a.graphql', 'query Both { a { ...One ...Two } } query Plain { a { b } }')
    put('b.graphql', 'fragment One on A { b ...Deep } fragment Two on A { ...Deep } fragment Deep on A { c }')
    const [both, plain] = await readOperations(folder)
    expect(both?.body.match(/fragment Deep/g)).toHaveLength(1)
    expect(both?.body).toContain('__typename')
    expect(plain?.body).not.toContain('fragment')
    put('b.graphql', 'fragment One on A { b ...Deep } fragment Two on A { ...Deep } fragment Deep on A { d }')
    const [changed, same] = await readOperations(folder)
    expect([changed?.id === both?.id, same?.id === plain?.id]).toEqual([false, true])
  })

  it('are refused where two have one name, and where a fragment is missing', async () => {
    put('c.graphql', 'query Plain { a { c } }')
    await expect(readOperations(folder)).rejects.toThrow('Two operations are named Plain')
    put('c.graphql', 'query Lost { a { ...Nowhere } }')
    await expect(readOperations(folder)).rejects.toThrow('There is no fragment Nowhere')
  })
})
