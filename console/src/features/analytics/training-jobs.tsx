import { useCommand } from '../../commands/use-command.ts'
import { useMutate } from '../../graph/mutate.ts'
import { formatPercent, words } from '../../shared/format.ts'
import { Ago } from '../../shared/now.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { AnalyticsTrainDocument, type AnalyticsJobFragment } from './generated/Models.ts'
import { Card } from './part-frame.tsx'
import { reasonOf } from './trainings.ts'

/** Starts a training, and says how far those that were started are. */
export function TrainingJobs({
  jobs,
  isTraining,
  onStarted,
}: {
  jobs: readonly AnalyticsJobFragment[]
  isTraining: boolean
  onStarted: () => void
}) {
  const [train, isStarting] = useMutate(AnalyticsTrainDocument)
  const start = () =>
    void train({ input: { kinds: ['CHURN'] } }).then(({ isGood }) => {
      if (isGood) onStarted()
    })
  useCommand({
    id: 'analytics.train',
    title: 'Train the models',
    section: 'Analytics',
    isEnabled: !isTraining,
    run: start,
  })
  return (
    <Card>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <div>
          <h3 className="text-sm font-medium">Training</h3>
          <p className="text-xs text-ink-soft">All models are trained together, weekly by themselves, or now.</p>
        </div>
        <Button kind="primary" isBusy={isStarting} disabled={isTraining} onClick={start}>
          {isTraining ? 'Training…' : 'Train now'}
        </Button>
      </div>
      {jobs.length > 0 && (
        <ul aria-label="Trainings that were started" className="mt-3 divide-y divide-line border-t border-line">
          {jobs.map((job) => (
            <Job key={job.id} job={job} />
          ))}
        </ul>
      )}
    </Card>
  )
}

const tones: Record<string, Tone> = { QUEUED: 'neutral', RUNNING: 'accent', DONE: 'good', FAILED: 'bad' }

function Job({ job: { status, progress, error, startedAt, finishedAt } }: { job: AnalyticsJobFragment }) {
  const at = finishedAt ?? startedAt
  return (
    <li className="flex flex-wrap items-center gap-2 py-2 text-sm">
      <Badge tone={tones[status] ?? 'neutral'}>{words(status)}</Badge>
      {at && <Ago at={at} className="text-xs text-ink-soft" />}
      {status === 'RUNNING' && (
        <>
          <progress aria-label="Training" max={1} value={progress} className="h-2 w-40 accent-accent" />
          <span className="text-xs text-ink-soft tabular-nums">{formatPercent(progress)}</span>
        </>
      )}
      {error && <span className="text-xs text-bad">{reasonOf(error)}</span>}
    </li>
  )
}
