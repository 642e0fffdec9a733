import type { ApolloClient, DocumentNode } from '@apollo/client'
import { useEffect } from 'react'
import { failuresOf } from '../../graph/errors.ts'
import { useGraph, useServiceStatus } from '../../graph/graph.tsx'
import { refetchMissing } from '../../graph/refetch.ts'
import type { Services } from '../../graph/services.ts'
import { ShellIntelligenceProbeDocument, ShellSupportProbeDocument } from '../generated/Shell.ts'

/** The first question comes after so long; each further one waits longer, to this most: ms. */
const firstMs = 3_000
const mostMs = 20_000

/** Asks a service that is away, now and then, whether it is back; then what was missing on the screen is asked for again. */
export function useServiceReturn(waitMs = firstMs): void {
  const { apollo, services } = useGraph()
  const { away } = useServiceStatus()
  const missing = away.join()
  useEffect(() => {
    if (missing === '') return
    let timer: ReturnType<typeof setTimeout>
    let isOver = false
    const again = (ms: number) => {
      timer = setTimeout(() => void ask(ms), ms)
    }
    async function ask(ms: number) {
      const answered = await askAll(apollo, missing.split(','))
      if (isOver) return
      if (answered.length > 0) whenBack(apollo, services, answered)
      again(Math.min(mostMs, ms * 1.5))
    }
    again(waitMs)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [apollo, services, missing, waitMs])
}

function whenBack(apollo: ApolloClient, services: Services, answered: readonly string[]): void {
  answered.forEach((service) => services.back(service))
  refetchMissing(apollo)
}

/** Those that answered. */
async function askAll(apollo: ApolloClient, services: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(services.map((service) => isThere(apollo, service)))
  return services.filter((_, index) => answers[index])
}

async function isThere(apollo: ApolloClient, service: string): Promise<boolean> {
  const query: DocumentNode = service === 'intelligence' ? ShellIntelligenceProbeDocument : ShellSupportProbeDocument
  try {
    const { error } = await apollo.query({ query, fetchPolicy: 'no-cache' })
    return !failuresOf(error).some(({ code }) => code === 'SUBGRAPH_UNAVAILABLE' || code === 'OFFLINE')
  } catch {
    return false
  }
}
