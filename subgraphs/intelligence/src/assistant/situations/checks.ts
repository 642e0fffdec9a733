import { refuse } from '@quimbi/service/errors.ts'
import type { PassedInSituation } from './passed-in.ts'

const most = {
  turns: 100,
  text: 50_000,
  subject: 1_000,
  name: 200,
  signature: 1_000,
  policies: 100,
  policy: 5_000,
} as const

type Optional<T> = T | null | undefined

/** Refuses what is longer than the schema says, and figures that cannot be. Pure. */
export function checkSituation(input: PassedInSituation): void {
  const at = (...path: (string | number)[]) => ['input', ...path.map(String)]
  const turns = input.turns ?? []
  const policies = input.policies ?? []
  text(input.subject, most.subject, at('subject'))
  text(input.signature, most.signature, at('signature'))
  for (const name of ['customerName', 'agentName', 'brand'] as const) text(input[name], most.name, at(name))
  between(input.sentiment, 1, at('sentiment'))
  if (turns.length > most.turns) refuse('LIMIT_EXCEEDED', `At most ${most.turns} turns.`, at('turns'))
  turns.forEach(({ content }, index) => text(content, most.text, at('turns', index, 'content')))
  if (policies.length > most.policies) refuse('LIMIT_EXCEEDED', `At most ${most.policies} policies.`, at('policies'))
  policies.forEach((policy, index) => {
    text(policy.text, most.policy, at('policies', index, 'text'))
    between(policy.maxDiscountPercent, 100, at('policies', index, 'maxDiscountPercent'))
    if (policy.maxCompensation?.startsWith('-'))
      refuse('INVALID', 'An amount is not negative.', at('policies', index, 'maxCompensation'))
  })
}

function text(value: Optional<string>, longest: number, path: string[]): void {
  if ((value?.length ?? 0) > longest) refuse('TOO_LONG', `At most ${longest} characters.`, path)
}

function between(value: Optional<number>, largest: number, path: string[]): void {
  if (value === null || value === undefined) return
  if (!(value >= 0 && value <= largest)) refuse('INVALID', `This lies between 0 and ${largest}.`, path)
}
