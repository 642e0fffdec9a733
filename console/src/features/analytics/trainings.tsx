import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { useMutate } from '../../graph/mutate.ts'
import { formatPercent } from '../../shared/format.ts'
import { Ago } from '../../shared/now.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { IconButton } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { Menu } from '../../ui/menu.tsx'
import { countOf } from './figures.ts'
import { AnalyticsPromoteDocument } from './generated/Models.ts'
import { Card } from './part-frame.tsx'
import type { Training } from './trainings.ts'

type Role = Training['role']
type Change = { training: Training; role: Role; trafficShare?: number; verb: string; about: string }

/** What was trained, how it did, and which is in use. */
export function Trainings({ of, onChanged }: { of: readonly Training[]; onChanged: () => void }) {
  const [change, setChange] = useState<Change | null>(null)
  const [promote] = useMutate(AnalyticsPromoteDocument)
  const confirm = async ({ training, role, trafficShare }: Change) => {
    const { isGood } = await promote({
      input: { modelId: training.modelId, role, ...(trafficShare !== undefined && { trafficShare }) },
    })
    if (isGood) onChanged()
  }
  return (
    <Card>
      <h3 className="text-sm font-medium">Models</h3>
      {of.length === 0 ? (
        <p className="mt-1 text-sm text-ink-soft">
          None has been trained yet: the models that ship with the product are in use, at this shop’s own value of an
          order.
        </p>
      ) : (
        <ul aria-label="Models" className="mt-2 divide-y divide-line">
          {of.map((training) => (
            <TrainingItem key={training.version} training={training} onChange={setChange} />
          ))}
        </ul>
      )}
      {change && (
        <ConfirmDialog
          isOpen
          onClose={() => setChange(null)}
          title={`${change.verb}?`}
          description={`${change.about} Every customer is computed anew.`}
          verb={change.verb}
          onConfirm={() => confirm(change)}
        />
      )}
    </Card>
  )
}

const tones: Record<Role, Tone> = { CHAMPION: 'good', CHALLENGER: 'accent', RETIRED: 'neutral' }
const roles: Record<Role, string> = { CHAMPION: 'In use', CHALLENGER: 'Challenger', RETIRED: 'Retired' }

function TrainingItem({ training, onChange }: { training: Training; onChange: (change: Change) => void }) {
  const { version, role, trafficShare, trainedAt, trainedOn, figures } = training
  return (
    <li className="flex flex-col gap-2 py-3">
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <Badge tone={tones[role]}>{roles[role]}</Badge>
        <span className="font-medium">{version}</span>
        <span className="text-xs text-ink-soft">
          trained <Ago at={trainedAt} /> on {countOf(trainedOn)} customers
          {role === 'CHALLENGER' && `, used for ${formatPercent(trafficShare)} of them`}
        </span>
        <span className="ml-auto">
          <Menu
            label={`Use of ${version}`}
            items={changesOf(training).map((change) => ({
              id: change.verb,
              label: `${change.verb}…`,
              run: () => onChange(change),
            }))}
            trigger={
              <IconButton label={`Use of ${version}`}>
                <Ellipsis aria-hidden className="size-4" />
              </IconButton>
            }
          />
        </span>
      </div>
      {figures.length > 0 && (
        <dl className="flex flex-wrap gap-x-6 gap-y-1 text-xs">
          {figures.map(({ key, name, own, champion, isBetter }) => (
            <div key={key}>
              <dt className="text-ink-soft">{name}</dt>
              <dd className="tabular-nums">
                <span className="font-medium">{own}</span>
                {champion !== null && (
                  <span className="text-ink-faint">
                    {' '}
                    against {champion}
                    {isBetter !== null && (isBetter ? ', better' : ', worse')}
                  </span>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  )
}

function changesOf(training: Training): Change[] {
  const challenge = (trafficShare: number): Change => ({
    training,
    role: 'CHALLENGER',
    trafficShare,
    verb: `Try on ${formatPercent(trafficShare)} of customers`,
    about: `It computes the insight of always the same customers; the model in use has the others.`,
  })
  const use: Change = {
    training,
    role: 'CHAMPION',
    verb: 'Put to use',
    about: 'It replaces the model in use, which retires.',
  }
  const retire: Change = {
    training,
    role: 'RETIRED',
    verb: 'Retire',
    about:
      training.role === 'CHAMPION'
        ? 'The models that ship with the product come back.'
        : 'It is used for nobody any more.',
  }
  if (training.role === 'CHAMPION') return [retire]
  return [use, challenge(0.1), challenge(0.5), ...(training.role === 'CHALLENGER' ? [retire] : [])]
}
