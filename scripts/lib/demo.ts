import { openIntelligenceDatabase, type IntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { seedDemoOrders } from '@quimbi/intelligence/demo/seed.ts'
import { openSupportDatabase, type SupportDatabase } from '@quimbi/support/database.ts'
import { demoLogin, seedDemo } from '@quimbi/support/demo/seed.ts'
import type { DatabaseUrls } from './databases.ts'

type Open = { support: SupportDatabase; intelligence: IntelligenceDatabase }

/** Makes the demo world where there is none; customers and orders meet by events once the services run. */
export async function seedDemoWorld(
  { support, intelligence }: Open,
  now: Date,
  onStep: (step: string) => void,
): Promise<void> {
  if (await hasDemo(support)) return
  onStep('demo world')
  const tenant = await seedDemo(support, now)
  if (tenant) await seedDemoOrders(intelligence, tenant, now)
}

export const hasDemo = async (support: SupportDatabase): Promise<boolean> =>
  (await support.system.tenant.findFirst({ where: { slug: demoLogin.tenant, isDemo: true } })) !== null

/** The same on databases that nobody has open. */
export async function seedDemoWorldAt(urls: DatabaseUrls, now: Date, onStep: (step: string) => void): Promise<void> {
  const support = await openSupportDatabase({ url: urls.support, max: 2 })
  const intelligence = await openIntelligenceDatabase({ url: urls.intelligence, max: 2 })
  try {
    await seedDemoWorld({ support, intelligence }, now, onStep)
  } finally {
    await Promise.all([support.close(), intelligence.close()])
  }
}
