import type { DraftSource } from './client.ts'

/** A draft's own text; null where nobody can say it in time: sending does not depend on it. */
export async function originalOf(
  drafts: DraftSource | undefined,
  { tenantId, draftId }: { tenantId: string; draftId: string | null | undefined },
): Promise<string | null> {
  if (!drafts || !draftId || draftId.length > 200) return null
  return drafts.textOf({ tenantId, draftId }).catch(() => null)
}
