import { useQuery } from '@apollo/client/react'
import { FlaskConical } from 'lucide-react'
import { useDemoMode } from '../../session/demo-mode.ts'
import { useMay, useViewer } from '../../session/viewer.tsx'
import { Button } from '../../ui/button.tsx'
import { PageHeader, Section } from '../../ui/page.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/state.tsx'
import { ClearDemo } from './clear.tsx'
import { DemoClock } from './clock.tsx'
import { DemoConversation } from './conversation.tsx'
import { DemoTicketsDocument } from './generated/Demo.ts'

/** Playing with time and customers: only where the business is a demo. */
export function DemoPage() {
  const { tenant } = useViewer()
  const { isOn } = useDemoMode()
  const description = isOn
    ? 'This world lives in your browser; play with it as you like.'
    : 'Play with time and customers. Nothing reaches anybody.'
  return (
    <>
      <PageHeader title="Demo" {...(tenant.isDemo && { description })} />
      {tenant.isDemo ? <Controls /> : <NoDemo />}
    </>
  )
}

function NoDemo() {
  const { tenant } = useViewer()
  const { start } = useDemoMode()
  return (
    <EmptyState icon={FlaskConical} title={`${tenant.name} is a real business`}>
      <p className="mb-3">
        Its clock is everybody’s, and its customers are people; so there is nothing to play with here. The local demo is
        a small shop of its own in this browser: nothing leaves it, and your login waits.
      </p>
      <Button onClick={() => void start()}>Start the local demo</Button>
    </EmptyState>
  )
}

function Controls() {
  const may = useMay()
  const { data, error, refetch } = useQuery(DemoTicketsDocument, { fetchPolicy: 'cache-and-network' })
  if (!data?.tickets && error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton className="m-5 h-24" />
  const tickets = data.tickets.nodes.filter(({ isDemo }) => isDemo)
  return (
    <div className="grid max-w-5xl gap-4 p-5 lg:grid-cols-2">
      <Section title="Clock">
        <DemoClock isAllowed={may('config:write')} />
      </Section>
      <Section title="Demo tickets">
        <ClearDemo count={data.tickets.totalCount} isAllowed={may('ticket:delete')} onCleared={() => void refetch()} />
      </Section>
      <Section title="Conversation" className="lg:col-span-2">
        {tickets.length === 0 ? (
          <EmptyState title="There are no demo tickets">A restart of the demo’s server makes them anew.</EmptyState>
        ) : (
          <DemoConversation tickets={tickets} />
        )}
      </Section>
    </div>
  )
}
