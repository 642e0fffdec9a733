import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { createMetrics, metricCatalogue } from './metrics.ts'

describe('metrics', () => {
  it('of several services live in one registry, told apart by label', async () => {
    const registry = new Registry()
    const support = createMetrics('support', registry)
    const gateway = createMetrics('gateway', registry)
    support.countStatement()
    gateway.observeOperation({ type: 'query', outcome: 'partial', seconds: 0.01 })
    support.gauge({ name: 'quimbi_test', meaning: 'A test.' }, () => 3)
    gateway.gauge({ name: 'quimbi_test', meaning: 'A test.' }, async () => 4)
    const text = await registry.metrics()
    expect(text).toContain('quimbi_sql_statements_total{service="support"} 1')
    expect(text).toContain('quimbi_graphql_operations_total{service="gateway",type="query",outcome="partial"} 1')
    expect(text).toContain('quimbi_test{service="support"} 3')
    expect(text).toContain('quimbi_test{service="gateway"} 4')
  })

  it('leave out a gauge that cannot be read', async () => {
    const registry = new Registry()
    const metrics = createMetrics('support', registry)
    metrics.gauge({ name: 'quimbi_broken', meaning: 'A test.' }, () => Promise.reject(new Error('database away')))
    metrics.gauge({ name: 'quimbi_whole', meaning: 'A test.' }, () => 1)
    const text = await registry.metrics()
    expect(text).not.toContain('quimbi_broken{')
    expect(text).toContain('quimbi_whole{service="support"} 1')
  })

  it('are all in the catalogue', async () => {
    const registry = new Registry()
    createMetrics('support', registry)
    const ours = (await registry.getMetricsAsJSON())
      .map(({ name }) => name)
      .filter((name) => name.startsWith('quimbi_'))
    const known = metricCatalogue.map(({ name }) => name)
    expect(known.filter((name) => name.startsWith('quimbi_')).sort()).toEqual(ours.sort())
  })
})
