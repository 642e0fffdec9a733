import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'
import { TooManyBytes, withLocalFile } from './disk-store.ts'

it('leaves nothing of what is refused, however soon it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quimbi-files-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const refused = Array.from({ length: 200 }, () =>
    expect(withLocalFile(folder, Readable.from([Buffer.alloc(10)]), 5, async () => {})).rejects.toThrow(TooManyBytes),
  )
  await Promise.all(refused)
  // What would come late comes within a turn or two of the file system.
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(readdirSync(join(folder, 'uploads'))).toEqual([])
})
