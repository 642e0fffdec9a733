import { useQuery } from '@apollo/client/react'
import { Workflow } from 'lucide-react'
import { useState } from 'react'
import { useMutate } from '../../../graph/mutate.ts'
import { useMay } from '../../../session/viewer.tsx'
import { Ago } from '../../../shared/now.tsx'
import type { Column } from '../../../ui/table.tsx'
import { ruleFields, type Places } from '../conditions/fields.ts'
import { usePlaces } from '../conditions/use-places.ts'
import { conditionWords } from '../conditions/words.ts'
import { ConfirmRemoval } from '../parts/confirm.tsx'
import { actionsColumn, Listing, RowName } from '../parts/listing.tsx'
import { moved, orderAfter } from '../parts/order.ts'
import { useSave } from '../parts/save.ts'
import { Switch } from '../parts/switch.tsx'
import { useCreateCommand } from '../parts/use-create.ts'
import { actionLines } from './actions.ts'
import {
  SettingsDeleteRuleDocument,
  SettingsRulesDocument,
  SettingsSaveRuleDocument,
  type SettingsRuleFragment,
} from './generated/Rules.ts'
import { RuleEditor } from './rule-editor.tsx'
import { inputOfRule } from './rule-input.ts'
import { triggerWords } from './triggers.ts'

type Shown = { kind: 'edit'; rule: SettingsRuleFragment | null } | { kind: 'delete'; rule: SettingsRuleFragment } | null

export function RulesSection() {
  const mayChange = useMay()('config:write')
  const [shown, setShown] = useState<Shown>(null)
  const { data, error, refetch } = useQuery(SettingsRulesDocument, { fetchPolicy: 'cache-and-network' })
  const [reorder] = useSave(SettingsSaveRuleDocument, {
    said: 'The order is changed.',
    refetch: [SettingsRulesDocument],
  })
  const [remove] = useSave(SettingsDeleteRuleDocument, {
    said: 'The rule is deleted.',
    refetch: [SettingsRulesDocument],
  })
  const turn = useTurn()
  const places = usePlaces()
  const create = () => setShown({ kind: 'edit', rule: null })
  useCreateCommand('rule', mayChange, create)
  const rules = data?.automationRules ?? []
  const move = async (rule: SettingsRuleFragment, by: -1 | 1) => {
    for (const { id, order } of moved(rules, rules.indexOf(rule), by)) {
      const one = rules.find((other) => other.id === id)
      if (one) await reorder({ input: { ...inputOfRule(one), order } })
    }
  }
  const edit = (rule: SettingsRuleFragment) => setShown({ kind: 'edit', rule })
  return (
    <>
      <Listing
        caption="Automation rules"
        answer={{ rows: data?.automationRules, error, refetch }}
        keyOf={({ id }) => id}
        isMuted={({ isActive }) => !isActive}
        columns={[
          {
            id: 'on',
            title: 'On',
            className: 'w-12',
            cell: (rule) => (
              <Switch
                label={`${rule.name} is switched on`}
                isOn={rule.isActive}
                isDisabled={!mayChange}
                onChange={(isActive) => turn(rule, isActive)}
              />
            ),
          },
          ...columns(places, mayChange ? edit : undefined),
          actionsColumn<SettingsRuleFragment>(
            ({ name }) => name,
            (rule) =>
              mayChange
                ? [
                    { id: 'edit', label: 'Edit and try', run: () => edit(rule) },
                    { id: 'up', label: 'Move up', isDisabled: rule === rules[0], run: () => void move(rule, -1) },
                    {
                      id: 'down',
                      label: 'Move down',
                      isDisabled: rule === rules.at(-1),
                      run: () => void move(rule, 1),
                    },
                    { id: 'line', separator: true },
                    { id: 'delete', label: 'Delete…', isDanger: true, run: () => setShown({ kind: 'delete', rule }) },
                  ]
                : [],
          ),
        ]}
        toolbar="They run in this order, and each sees what those before it did."
        empty={{
          icon: Workflow,
          title: 'Nothing happens by itself yet',
          text: 'A rule does what you would do each time: route, tag, escalate, notify. Try it on your history first.',
        }}
        create={mayChange ? { label: 'New rule', run: create } : undefined}
      />
      {shown?.kind === 'edit' && (
        <RuleEditor rule={shown.rule} order={orderAfter(rules)} onClose={() => setShown(null)} />
      )}
      {shown?.kind === 'delete' && (
        <ConfirmRemoval
          what={`the rule ${shown.rule.name}`}
          onClose={() => setShown(null)}
          onConfirm={() => remove({ input: { id: shown.rule.id } })}
        >
          What it did stays done. To stop it for a while, switch it off instead.
        </ConfirmRemoval>
      )}
    </>
  )
}

/** Switches a rule on or off: seen at once, taken back where it was refused. */
function useTurn() {
  const [save] = useMutate(SettingsSaveRuleDocument)
  return (rule: SettingsRuleFragment, isActive: boolean) =>
    void save(
      { input: { ...inputOfRule(rule), isActive } },
      {
        optimisticResponse: {
          __typename: 'Mutation',
          saveAutomationRule: { __typename: 'AutomationRulePayload', rule: { ...rule, isActive }, userErrors: [] },
        },
      },
    )
}

const columns = (places: Places, edit?: (rule: SettingsRuleFragment) => void): Column<SettingsRuleFragment>[] => [
  {
    id: 'name',
    title: 'Rule',
    isHeading: true,
    className: 'min-w-40',
    cell: (rule) => (
      <RowName name={rule.name} below={triggerWords[rule.trigger]} onOpen={edit ? () => edit(rule) : undefined} />
    ),
  },
  {
    id: 'if',
    title: 'If',
    className: 'w-1/3 min-w-48 text-xs',
    cell: ({ conditions, trigger }) =>
      conditionWords(conditions, ruleFields(places, trigger === 'TIME_IN_STATE')) || 'Always',
  },
  {
    id: 'then',
    title: 'Then',
    className: 'min-w-40 text-xs',
    cell: ({ actions }) => (
      <ul>
        {actionLines(actions, places).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    ),
  },
  {
    id: 'fired',
    title: 'Fired',
    isNumber: true,
    cell: ({ firedCount, lastFiredAt }) => (
      <span className="whitespace-nowrap">
        {firedCount.toLocaleString()}
        {lastFiredAt && <Ago at={lastFiredAt} className="block text-xs text-ink-faint" />}
      </span>
    ),
  },
]
