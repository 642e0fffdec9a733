import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { available } from '@quimbi/testing/availability.ts'
import { describe, expect, it, onTestFinished } from 'vitest'
import { root } from './root.ts'

const read = (file: string) => readFileSync(join(root, file), 'utf8')
const names = (text: string, pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, name = '']) => name))

/** Docker Compose as a part of the docker command, else as a command of its own. */
const commands: [string, ...string[]][] = [['docker', 'compose'], ['docker-compose']]
const compose = commands.find(
  ([file, ...args]) => spawnSync(file, [...args, 'version'], { stdio: 'ignore' }).status === 0,
)
const hasCompose = available('docker compose', compose !== undefined)

describe('docker-compose.yml', () => {
  it.skipIf(!hasCompose)('is accepted by Docker Compose, with no .env as with one', () => {
    const [command = '', ...before] = compose ?? []
    const empty = join(mkdtempSync(join(tmpdir(), 'compose-')), 'env')
    writeFileSync(empty, '')
    onTestFinished(() => rmSync(dirname(empty), { recursive: true }))
    for (const file of [empty, '.env.example']) {
      const args = [...before, '--env-file', file, 'config', '--quiet']
      const { status, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    }
  })

  it('asks for no variable that .env.example leaves out', () => {
    const known = names(read('.env.example'), /^(?:# )?([A-Z][A-Z\d_]+)=/gm)
    const asked = names(read('docker-compose.yml'), /\$\{([A-Z\d_]+)/g)
    expect([...asked].filter((name) => !known.has(name))).toEqual([])
  })

  it('gives the private key of agent tokens to Support alone', () => {
    const services = read('docker-compose.yml').split(/^ {2}(?=[a-z]+:$)/m)
    const holders = services.filter((text) => text.includes('AGENT_TOKEN_PRIVATE_KEY:'))
    expect(holders.map((text) => text.slice(0, text.indexOf(':')))).toEqual(['support'])
  })
})

describe('the Dockerfile', () => {
  it('installs the packages of every workspace that runs', () => {
    const copied = names(read('Dockerfile'), /^COPY (\S+)\/package\.json/gm)
    const lock = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { link?: boolean; resolved?: string }>
    }
    const workspaces = Object.values(lock.packages).flatMap(({ link, resolved }) =>
      link && resolved ? [resolved] : [],
    )
    expect(workspaces.filter((folder) => !copied.has(folder))).toEqual([])
  })
})
