import { codedError } from '@quimbi/service/errors.ts'
import { connection, pageSize } from '@quimbi/service/pagination.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { CustomerQuery } from '../../analytics/filter.ts'
import { queryCustomers, type CustomerPage } from '../../analytics/query.ts'
import type { Db } from '../../database.ts'
import type { SegmentationModel } from '../../dna/model.ts'
import { requireScope } from '../../keys/service.ts'
import { modelsOf } from '../../models/registry.ts'
import type { AssistantModel } from '../model/means.ts'
import { sayGiven } from '../texts/say.ts'
import { sayQuery } from './describe.ts'
import { parseQuestion } from './parse.ts'
import { quartilesOf } from './quartiles.ts'
import { speaksOfQuarters } from './rules-value.ts'
import { translate } from './translate.ts'
import { normalized } from './wording.ts'

export type Answer = { understoodAs: CustomerQuery; explanation: string; customers: CustomerPage; generator: string }

type Asked = { question: string; first?: number | null | undefined }
type Means = { now: Date; model?: AssistantModel | undefined }

const longest = 1_000
const builtIn = 'built-in'

/**
 * Customers by a question in words. What is not understood is named, and nobody is listed for it; the query is run by the code that runs every other.
 * @throws UserErrors FORBIDDEN; GraphQLError BAD_USER_INPUT (EMPTY, TOO_LONG) or for a page above 100
 */
export async function askCustomers(db: Db, viewer: Viewer, { question, first }: Asked, means: Means): Promise<Answer> {
  requireScope(viewer, 'insight:read')
  if (question.trim() === '') throw refused('EMPTY', 'Ask something.')
  if (question.length > longest) throw refused('TOO_LONG', `A question has at most ${longest} characters.`)
  const size = pageSize(first, { default: 50 })
  const { bundle, currencyCode } = await modelsOf(db, viewer.tenantId)
  const { segmentation } = bundle
  const quartiles = speaksOfQuarters(normalized(question)) ? await quartilesOf(db, viewer.tenantId) : null
  const understood = parseQuestion(question, segmentation, { now: means.now, currencyCode, quartiles })
  const say = (query: CustomerQuery, ...notes: string[]) =>
    [
      sayQuery(query, segmentation, currencyCode),
      ...notes.map((note) => `${note.charAt(0).toUpperCase()}${note.slice(1)}.`),
    ].join(' ')
  const list = async (
    query: CustomerQuery,
    generator: string,
    wanted: number,
    ...notes: string[]
  ): Promise<Answer> => ({
    ...{ understoodAs: query, explanation: say(query, ...notes), generator },
    customers: await queryCustomers(db, viewer, { filter: query, first: Math.min(size, wanted) }, means.now),
  })
  const { query, notes, first: wanted, unclear } = understood
  if (unclear.length === 0) return list(query, builtIn, wanted ?? size, ...notes)
  const translated = await byModel(question, segmentation, viewer, means.model)
  return translated ? list(translated.query, translated.generator, size) : notUnderstood(unclear)
}

async function byModel(
  question: string,
  segmentation: SegmentationModel,
  viewer: Viewer,
  model: AssistantModel | undefined,
) {
  const query = model ? await translate(model, viewer.tenantId, { question, segmentation }) : null
  return model && query ? { query, generator: model.name } : null
}

const notUnderstood = (unclear: readonly string[]): Answer => ({
  understoodAs: {},
  explanation: `I did not understand: ${unclear.map((words) => `“${sayGiven(words)}”`).join(', ')}. So nobody is listed.`,
  customers: { ...connection<{ id: string }>([], 1, ({ id }) => id), countAll: () => Promise.resolve(0) },
  generator: builtIn,
})

const refused = (reason: string, message: string) => codedError('BAD_USER_INPUT', message, { reason })
