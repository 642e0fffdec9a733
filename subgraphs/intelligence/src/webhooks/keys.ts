import type { Db } from '../database.ts'

/** A key has taken another's place: the other's webhooks are its own now. */
export async function passOnWebhooks(tx: Db, tenantId: string, fromKeyId: string, toKeyId: string): Promise<void> {
  await tx.insightWebhook.updateMany({ where: { tenantId, keyId: fromKeyId }, data: { keyId: toKeyId } })
}
