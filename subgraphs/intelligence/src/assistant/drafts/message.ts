import { codedError } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Draft } from '../../../generated/resolvers.ts'
import { requireScope } from '../../keys/service.ts'
import { splitText } from '../limits/limits.ts'
import type { Channel } from '../situation.ts'
import { passedInSituation, type PassedInSituation } from '../situations/passed-in.ts'
import { messageIdentity } from './key.ts'
import { draftView } from './view.ts'
import { wishOf, type Means, type Wished } from './write.ts'

const longestText = 50_000

/**
 * A message of any kind to anybody, from what is passed in. Nothing is stored; the model is not asked twice for the same.
 * @throws UserErrors FORBIDDEN, NOT_FOUND, and what is wrong with the input
 */
export async function generateMessage(
  means: Omit<Means, 'transact'>,
  input: PassedInSituation & Wished & { channel: Channel },
): Promise<Draft> {
  const { viewer, assistant, now } = means
  requireScope(viewer, 'generate')
  const situation = await passedInSituation(means, input)
  const wish = wishOf(input.channel, input)
  const model = assistant.model?.generatorFor(viewer.tenantId, 'message')
  const identityBy = (generator: string) => messageIdentity(viewer.tenantId, situation, { wish, generator })
  const asked = model && identityBy(model.name).id
  const known = asked && assistant.messages.get(asked)
  const composed = known || (await assistant.compose(situation, wish, { generator: model, metrics: assistant.metrics }))
  if (asked && composed.fallback === null) assistant.messages.set(asked, composed)
  const { id, basis } = identityBy(composed.generator)
  return draftView({
    ...composed,
    ...{ id, basis, tone: wish.tone, channel: situation.channel, basedOn: basis.conversation, generatedAt: now },
    citations: composed.citations.map((citation) => ({ ...citation })),
    personalization: [...composed.personalization],
  })
}

/** A text in parts that the channel takes. @throws GraphQLError BAD_USER_INPUT (TOO_LONG); UserErrors FORBIDDEN */
export function splitMessage(viewer: Viewer, text: string, channel: Channel): string[] {
  requireScope(viewer, 'generate')
  if (text.length > longestText)
    throw codedError('BAD_USER_INPUT', `A text has at most ${longestText} characters.`, { reason: 'TOO_LONG' })
  return splitText(text, channel)
}
