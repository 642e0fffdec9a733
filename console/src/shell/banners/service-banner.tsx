import { BrainCircuit, CloudOff } from 'lucide-react'
import { useServiceStatus } from '../../graph/graph.tsx'
import { Banner } from './banner.tsx'
import { useServiceReturn } from './service-return.ts'

/** Says which part of the service is away, and what works without it. */
export function ServiceBanner() {
  useServiceReturn()
  const { away } = useServiceStatus()
  if (away.length === 0) return null
  if (away.some((service) => service !== 'intelligence'))
    return (
      <Banner tone="warn" icon={CloudOff}>
        <strong>Tickets cannot be reached at the moment.</strong> What is shown stays, and what you write is kept. It is
        asked for again by itself.
      </Banner>
    )
  return (
    <Banner tone="note" icon={BrainCircuit}>
      <strong>Customer insight is away.</strong> The inbox’s order and replies work; drafts, churn and lifetime value
      come back by themselves.
    </Banner>
  )
}
