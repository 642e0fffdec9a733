import { join } from 'node:path'
import { schemaDrift } from '@quimbi/database/migrate.ts'
import { createTestDatabase } from '@quimbi/testing/databases.ts'
import { describe, expect, it } from 'vitest'
import { root } from './root.ts'

describe.each(['support', 'intelligence'] as const)('the migrations of %s', (service) => {
  it('make what its schema.prisma says', async () => {
    const { url, drop } = await createTestDatabase(service)
    expect(await schemaDrift({ url, directory: join(root, 'prisma', service) })).toBeNull()
    await drop()
  })
})
