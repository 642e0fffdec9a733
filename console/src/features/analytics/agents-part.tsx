import { useQuery } from '@apollo/client/react'
import { useNow } from '../../shared/now.tsx'
import { ChartBars } from '../../ui/chart-bars.tsx'
import { ChartFigure } from '../../ui/chart-figure.tsx'
import { ChartTable } from '../../ui/chart-table.tsx'
import { periodOf, periods, useChoice } from './address.ts'
import { PeriodField } from './choice-field.tsx'
import { countOf, durationOf, percentOf, scoreOf } from './figures.ts'
import { AnalyticsAgentsDocument, type AnalyticsAgentsQuery } from './generated/Support.ts'
import { Card, PartFrame } from './part-frame.tsx'

type AgentRow = AnalyticsAgentsQuery['supportMetrics']['byAgent'][number]

/** How each agent did, in the order of their names: this is no contest. */
export function AgentsPart() {
  const [days] = useChoice('days', periods)
  const { data, error, loading, refetch } = useQuery(AnalyticsAgentsDocument, {
    variables: periodOf(Number(days), useNow(3_600_000)),
    fetchPolicy: 'cache-and-network',
  })
  return (
    <PartFrame
      choices={<PeriodField />}
      data={data?.supportMetrics.byAgent}
      isLoading={loading}
      error={error}
      onRetry={() => void refetch()}
    >
      {(agents) => <Agents of={agents.toSorted((a, b) => a.agent.name.localeCompare(b.agent.name))} />}
    </PartFrame>
  )
}

function Agents({ of: agents }: { of: AgentRow[] }) {
  return (
    <>
      <Card>
        <ChartFigure
          title="Replies and closed tickets"
          description={`${agents.length} ${agents.length === 1 ? 'agent' : 'agents'} worked in this time.`}
          rows={agents}
          columns={[
            { name: 'Agent', of: ({ agent }) => agent.name },
            { name: 'Replies', of: ({ replied }) => countOf(replied), isNumber: true },
            { name: 'Closed', of: ({ closed }) => countOf(closed), isNumber: true },
          ]}
        >
          <ChartBars
            title="Replies and closed tickets"
            rows={agents.map(({ agent, replied, closed }) => ({ agent: agent.name, replied, closed }))}
            x="agent"
            bars={[
              { key: 'replied', name: 'Replies', color: 'accent' },
              { key: 'closed', name: 'Closed', color: 'good' },
            ]}
            format={countOf}
            isWhole
            isLying
          />
        </ChartFigure>
      </Card>
      {agents.length > 0 && (
        <Card>
          <h3 className="mb-2 text-sm font-medium">By agent</h3>
          <ChartTable
            caption="By agent"
            rows={agents}
            columns={[
              { name: 'Agent', of: ({ agent }) => agent.name },
              { name: 'Replies', of: ({ replied }) => countOf(replied), isNumber: true },
              { name: 'Closed', of: ({ closed }) => countOf(closed), isNumber: true },
              { name: 'First response', of: (row) => durationOf(row.medianFirstResponseSeconds), isNumber: true },
              { name: 'Promises kept', of: ({ slaRate }) => percentOf(slaRate), isNumber: true },
              { name: 'Satisfaction', of: ({ satisfaction }) => scoreOf(satisfaction), isNumber: true },
            ]}
          />
        </Card>
      )}
    </>
  )
}
