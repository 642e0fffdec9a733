import type { Block, Chapter } from '../blocks.ts'
import type { Change } from '../changes.ts'
import { anchor } from '../html.ts'
import type { GuideFacts } from './facts.ts'

/** An operation leads to where it is explained, if it still is. */
const named = (element: string, { schema }: GuideFacts): string => {
  const [type = '', field] = element.split('.')
  const root = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].find(
    (one) => one?.name === type,
  )
  if (field && root?.getFields()[field]) return `[${field}](#${anchor('op', field)})`
  return schema.getType(type) && !root ? `[${element}](#${anchor('type', type)})` : `\`${element}\``
}

function blocksOf({ date, title, added, deprecated, removed }: Change, facts: GuideFacts): Block[] {
  const items = [
    ...(added.length > 0 ? [`Added: ${added.map((element) => named(element, facts)).join(', ')}.`] : []),
    ...deprecated.map(
      ({ element, until, instead }) => `Deprecated: ${named(element, facts)}, until ${until}. ${instead}`,
    ),
    ...removed.map(({ element, reason }) => `Changed: ${named(element, facts)}. ${reason}`),
  ]
  return [{ heading: `${date}: ${title}`, id: anchor('changes', date, title) }, { list: items }]
}

export const changelog = (facts: GuideFacts): Chapter => ({
  id: 'changelog',
  title: 'Changelog',
  blocks: [
    'Fields and operations are added without notice. What is to go is deprecated first, with the date until which it stays, at least six months ahead.',
    ...facts.changes.flatMap((change) => blocksOf(change, facts)),
  ],
})
