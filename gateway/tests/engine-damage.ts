import { createHash } from 'node:crypto'
import { isEntity } from '@quimbi/gateway/engine/entities.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { createRandom, type Random } from '@quimbi/service/random.ts'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql'

type Answer = (service: string, operation: GraphQLOperation) => Promise<FormattedExecutionResult>

const randomFrom = (...parts: unknown[]): Random =>
  createRandom(createHash('md5').update(JSON.stringify(parts)).digest().readUInt32LE(0))

/**
 * A subgraph that misbehaves: values are missing, null or of another kind, errors come with and without a path, whole answers fail. What happens to
 * an entity depends on its representation and on what is asked of it, not on the planner's name for the question, so that asking for it once or
 * many times makes no difference.
 */
export function damaged(answer: Answer, seed: number, probability: number): Answer {
  return async (service, operation) => {
    const { variables, operationName = '' } = operation
    const query = operation.query.replace(operationName, '')
    const random = randomFrom(seed, service, query)
    if (random() < probability * 0.2)
      throw codedError('SUBGRAPH_UNAVAILABLE', `${service} is away`, { retryable: true })
    const { data, errors = [] } = await answer(service, operation)
    if (random() < probability * 0.1) return { data: null, errors: [{ message: `${service} refuses` }] }
    if (random() < probability * 0.05)
      return { errors: [{ message: `${service} is confused`, extensions: { code: 'ODD' } }] }
    const extra = random() < probability * 0.2 ? [{ message: `${service} warns` }] : []
    const entities = data?.['_entities']
    if (!Array.isArray(entities))
      return withErrors(damageWhole(data ?? null, { random, probability, odd: { not: 'a leaf' } }), [
        ...errors,
        ...extra,
      ])
    if (random() < probability * 0.05) return { data: { _entities: null } }
    const representations = variables?.['representations'] as unknown[]
    const more: GraphQLFormattedError[] = []
    const damagedEntities = entities.map((entity: unknown, index) => {
      const random = randomFrom(seed, service, query, representations[index])
      if (random() < probability * 0.15)
        more.push({
          message: `${service}: ${JSON.stringify(representations[index])}`,
          path: ['_entities', index, 'field'],
          extensions: { code: 'ODD' },
        })
      const changed = damageWhole(entity, { random, probability, odd: ['not a leaf'] })
      const { id } = representations[index] as { id: string }
      return oneType(changed, entity, randomFrom(seed, id)() < probability * 0.04)
    })
    return withErrors({ _entities: damagedEntities }, [...errors, ...more, ...extra])
  }
}

/**
 * The type that is told of an entity, wrong or not, is the same whoever tells it: of two that are told side by side the last one stays, and which
 * that is depends on how often is asked.
 */
function oneType(changed: unknown, entity: unknown, isWrong: boolean): unknown {
  if (!isEntity(changed) || !isEntity(entity) || entity['__typename'] === undefined) return changed
  return { ...changed, __typename: isWrong ? 'Secret' : entity['__typename'] }
}

const withErrors = (data: unknown, errors: readonly GraphQLFormattedError[]): FormattedExecutionResult => ({
  data: data as Record<string, unknown> | null,
  ...(errors.length > 0 && { errors }),
})

/** `odd`: what may stand where a leaf should. */
type Harm = { random: Random; probability: number; odd: unknown }

/**
 * Apollo's executor merges a text letter by letter. At it, or at an object where it has a plain value, it throws and leaves the entities after it as
 * they are: an entity's damage has neither.
 */
function damageWhole(value: unknown, harm: Harm): unknown {
  const changed = damageObject(value, harm)
  return changed === 'text' ? null : changed
}

function damageObject(value: unknown, harm: Harm): unknown {
  const { random, probability } = harm
  if (typeof value !== 'object' || value === null) return damageLeaf(value, harm)
  const choice = random()
  if (choice < probability * 0.12) return null
  if (choice > 1 - probability * 0.01) return 'text'
  if (Array.isArray(value)) return value.map((element) => damageObject(element, harm))
  const fields = Object.entries(value).flatMap(([name, inner]) => {
    if (name === 'id') return [[name, inner]]
    if (name === '__typename' || name === 'tn') return [[name, random() < probability * 0.04 ? 'Secret' : inner]]
    return random() < probability * 0.05 ? [] : [[name, damageObject(inner, harm)]]
  })
  return Object.fromEntries(fields)
}

function damageLeaf(value: unknown, { random, probability, odd }: Harm): unknown {
  if (value === null || random() > probability * 0.25) return value
  const choice = random()
  if (choice < 0.5) return null
  if (choice < 0.6) return value === 'A' ? 'C' : 'ZZZ'
  if (choice < 0.7) return 12.5
  if (choice < 0.75) return true
  return choice < 0.8 ? odd : value
}
