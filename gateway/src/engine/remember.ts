import type { FetchNode } from '@apollo/query-planner'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import { OperationTypeNode, type FormattedExecutionResult, type GraphQLFormattedError } from 'graphql'
import { dataOf, errorsOf } from './attempt.ts'
import { copy, entitiesOf, type Entity } from './entities.ts'
import type { Run } from './run.ts'

/** What is asked about entities; `fetches`: by how many of the plan, at different times or places. */
export type Question = { fetches: number }

/** Tells for each fetch of a plan, as it is compiled, what it asks; undefined for what is always asked anew. */
export type QuestionOf = (node: FetchNode) => Question | undefined

/** A mutation may change what was told before it, so there nothing is remembered. */
export function questionsOf(kind: OperationTypeNode): QuestionOf {
  const questions = new Map<string, Question>()
  return (node) => {
    if (kind === OperationTypeNode.MUTATION || !node.requires) return undefined
    const key = wordsOf(node)
    const question = questions.get(key) ?? { fetches: 0 }
    question.fetches += 1
    questions.set(key, question)
    return question
  }
}

/** What a fetch asks, without the number that the planner gives the name of each operation. */
export const wordsOf = ({ operationName = '', operationDocumentNode: _, operation, ...rest }: FetchNode): string =>
  JSON.stringify({ ...rest, operation: operation.replace(operationName, '') })

/** Where it stands what a subgraph says of an entity: among the `count` of an answer that is there or under way. */
type Told = { answer: Promise<FormattedExecutionResult>; index: number; count: number }

/** What one run was told, by what it asked and about what. */
export type Memory = Map<Question, Map<string, Told>>

/** Asks about those entities that no fetch of the run has asked the same about, and answers as if it had asked about all. */
export function askUnknown(
  run: Run,
  question: Question,
  node: FetchNode,
  { operation, keys }: { operation: GraphQLOperation; keys: readonly string[] },
): ReturnType<Run['ask']> {
  const known = run.memory.get(question) ?? new Map<string, Told>()
  run.memory.set(question, known)
  const unknown = keys.filter((key) => !known.has(key))
  if (unknown.length > 0) {
    const all = operation.variables?.['representations'] as readonly Entity[]
    const representations = all.filter((_, at) => !known.has(keys[at] ?? ''))
    const answer = run.ask(node, { ...operation, variables: { ...operation.variables, representations } })
    for (const [index, key] of unknown.entries()) known.set(key, { answer, index, count: unknown.length })
  }
  return together(keys.flatMap((key) => known.get(key) ?? []))
}

/** One answer out of parts of several. Fails where one of them does. */
async function together(told: readonly Told[]): Promise<FormattedExecutionResult> {
  const answers = [...new Map(told.map(({ answer, count }) => [answer, count]))]
  const entities: unknown[] = told.map(() => null)
  const errors: GraphQLFormattedError[] = []
  const results = await Promise.all(answers.map(([answer]) => answer))
  for (const [nth, [answer, count]] of answers.entries()) {
    const places = new Map(told.flatMap((each, at) => (each.answer === answer ? [[each.index, at] as const] : [])))
    const result = results[nth]
    for (const error of errorsOf(result?.errors)) errors.push(...placed(error, places, count))
    const data = dataOf(result?.data)
    if (!data) continue
    const received = entitiesOf(data, count)
    // What is filled in at one place is added to there, and must not show at another.
    for (const [index, at] of places) entities[at] = copy(received[index])
  }
  return { data: { _entities: entities }, errors }
}

/** An error of an entity goes where that is asked for now, if it is; any other is one of all. */
function placed(error: GraphQLFormattedError, places: ReadonlyMap<number, number>, count: number) {
  const { path, ...told } = error
  const [, index, ...rest] = path ?? []
  if (typeof index !== 'number' || index >= count) return [told]
  const at = places.get(index)
  return at === undefined ? [] : [{ ...told, path: ['_entities', at, ...rest] }]
}
