import type { Db } from '../database.ts'

const longest = 200

/** The first sentence of what an agent wrote, without a salutation; at most 200 characters. Null of nothing. Pure. */
export function firstSentence(content: string): string | null {
  const lines = content.split(/\r?\n/).map((line) => line.trim())
  const said = lines.filter((line) => line !== '')
  // "Hi Mia," on a line of its own.
  const body = (said.length > 1 && /^.{1,60},$/u.test(said[0] ?? '') ? said.slice(1) : said)
    .join(' ')
    .replace(/\s+/g, ' ')
  if (body === '') return null
  const sentence = /^.*?[.!?…。！？](?=\s|$)/u.exec(body)?.[0] ?? body
  const characters = [...sentence]
  return sentence.length <= longest ? sentence : `${cut(characters, longest - 1)}…`
}

/** As many whole characters as fit into so many UTF-16 units. */
function cut(characters: readonly string[], units: number): string {
  let text = ''
  for (const character of characters) {
    if (text.length + character.length > units) break
    text += character
  }
  return text.trimEnd()
}

// One entry of the index a ticket and a few more, whatever the number of tickets.
const lastSaid = `
  SELECT wanted.id, m.content FROM unnest($2::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
    SELECT content FROM message WHERE tenant_id = $1::uuid AND ticket_id = wanted.id AND from_agent AND NOT is_automatic
      AND deleted_at IS NULL AND delivery_status IS DISTINCT FROM 'RECALLED'
    ORDER BY created_at DESC, id DESC LIMIT 1
  ) AS m`

/** How each ticket seems to have been solved, by what the team said last; tickets without such a message are missing. */
export async function resolutionsOf(tx: Db, tenantId: string, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.$queryRawUnsafe<{ id: string; content: string }[]>(lastSaid, tenantId, [...ids])
  return new Map(
    rows.flatMap(({ id, content }) => {
      const sentence = firstSentence(content)
      return sentence === null ? [] : [[id, sentence] as const]
    }),
  )
}
