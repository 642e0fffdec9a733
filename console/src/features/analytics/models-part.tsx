import { useQuery } from '@apollo/client/react'
import { Lock } from 'lucide-react'
import { useEffect } from 'react'
import { useMay } from '../../session/viewer.tsx'
import { EmptyState } from '../../ui/state.tsx'
import { Drift } from './drift.tsx'
import { AnalyticsModelsDocument } from './generated/Models.ts'
import { PartFrame } from './part-frame.tsx'
import { TrainingJobs } from './training-jobs.tsx'
import { Trainings } from './trainings.tsx'
import { trainingsOf } from './trainings.ts'
import { Usage } from './usage.tsx'

/** The models behind the insight, how they do, and what the language models cost. For managers. */
export function ModelsPart() {
  const may = useMay()
  if (may('config:write')) return <Models />
  return (
    <EmptyState icon={Lock} title="Models are for managers and administrators">
      They see how the models do, train them, and put them to use.
    </EmptyState>
  )
}

const pollMs = 2_000

function Models() {
  const { data, error, loading, refetch, startPolling, stopPolling } = useQuery(AnalyticsModelsDocument, {
    fetchPolicy: 'cache-and-network',
  })
  const isTraining = data?.jobs?.some(({ status }) => status === 'QUEUED' || status === 'RUNNING') ?? false
  useEffect(() => {
    if (!isTraining) return
    startPolling(pollMs)
    return stopPolling
  }, [isTraining, startPolling, stopPolling])
  return (
    <div className="flex flex-col gap-4">
      <PartFrame data={data} isLoading={loading} error={error} onRetry={() => void refetch()}>
        {({ models, jobs }) => (
          <>
            <TrainingJobs jobs={jobs ?? []} isTraining={isTraining} onStarted={() => void refetch()} />
            <Trainings of={trainingsOf(models ?? [])} onChanged={() => void refetch()} />
          </>
        )}
      </PartFrame>
      <Drift />
      <Usage />
    </div>
  )
}
