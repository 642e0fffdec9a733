// What the subgraphs of the gateway's benchmark know.
const ticket = (n: number, customers: number) => ({
  id: `t${n}`,
  number: n,
  subject: `Where is my order ${n}? It should have been here by now.`,
  status: (['OPEN', 'PENDING', 'CLOSED'] as const)[n % 3],
  priority: n / 7,
  openedAt: new Date(1_790_000_000_000 + n * 60_000).toISOString(),
  tags: ['shipping', 'late'],
  customer: { id: `c${n % customers}`, name: `Customer ${n % customers}`, email: `c${n % customers}@shop.example` },
})

export const insightOf = (id: string) => {
  const n = Number(id.slice(1))
  return {
    id,
    dna: { archetype: 'Loyal regular', summary: `Buys every ${n + 3} weeks.`, confidence: n / 100 },
    churnRisk: { score: n / 70, level: (['LOW', 'MEDIUM', 'HIGH'] as const)[n % 3] },
    ltvForecast: { amount: n * 12.5, currencyCode: 'EUR' },
  }
}

export const supportResolvers = {
  support: {
    Query: {
      tickets: (_: unknown, { first, customers = 20 }: { first: number; customers?: number }) =>
        Array.from({ length: first }, (_each, n) => ticket(n, customers)),
      ticket: (_: unknown, { id }: { id: string }) => ticket(Number(id.slice(1)), 20),
    },
  },
  intelligence: { Customer: { __resolveReference: ({ id }: { id: string }) => insightOf(id) } },
}
