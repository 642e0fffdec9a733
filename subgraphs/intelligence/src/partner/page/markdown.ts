import type { GraphQLArgument } from 'graphql'
import { blockAsMarkdown, type Chapter } from './blocks.ts'
import { chaptersOf, type DocumentFacts } from './document.ts'
import { grouped, operationsOf, type Operation } from './operations.ts'

const fenced = (language: string, code: string): string => `\`\`\`${language}\n${code}\n\`\`\``

const chapterAsMarkdown = ({ title, blocks }: Chapter): string =>
  [`## ${title}`, ...blocks.map(blockAsMarkdown)].join('\n\n')

const argumentAsMarkdown = ({ name, type, description }: GraphQLArgument): string =>
  `- \`${name}: ${String(type)}\`: ${description ?? ''}`

function operationAsMarkdown({ name, kind, field, example, cost }: Operation): string {
  const facts = [kind, ...(example?.scopes ?? []), ...(cost === undefined ? [] : [`example: ${cost} points`])]
  const variables = Object.keys(example?.variables ?? {}).length > 0
  return [
    `### ${name}`,
    `${facts.join(' · ')} · answers \`${String(field.type)}\``,
    field.description ?? '',
    ...(field.deprecationReason ? [`**Deprecated.** ${field.deprecationReason}`] : []),
    ...(field.args.length > 0 ? [field.args.map(argumentAsMarkdown).join('\n')] : []),
    ...(example ? [fenced('graphql', example.document)] : []),
    ...(example && variables ? [fenced('json', JSON.stringify(example.variables, null, 2))] : []),
  ]
    .filter(Boolean)
    .join('\n\n')
}

/** The same as the page, to be read as text: by people, and by language models. Links stand for chapters of this text. */
export function pageAsMarkdown(given: DocumentFacts, sdl: string): string {
  const { before, after } = chaptersOf(given)
  const groups = grouped(operationsOf(given.schema)).map(({ title, operations }) =>
    [`## ${title}`, ...operations.map(operationAsMarkdown)].join('\n\n'),
  )
  const chapters = [...before.map(chapterAsMarkdown), ...groups, ...after.map(chapterAsMarkdown)]
  return `${['# Quimbi Intelligence API', ...chapters, '## Schema', fenced('graphql', sdl.trim())].join('\n\n')}\n`
}
