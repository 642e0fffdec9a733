import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { featureIndex, features, featureVersion } from './catalogue.ts'

const page = readFileSync(new URL('../../../../docs/features.md', import.meta.url), 'utf8')

describe('the features', () => {
  it('are 66, each with a name and a column of its own', () => {
    expect(features).toHaveLength(66)
    expect(new Set(features.map(({ name }) => name)).size).toBe(66)
    expect(features.map(({ name }) => featureIndex[name])).toEqual([...features.keys()])
  })

  it('keep their places and meanings within a version', () => {
    const meaning = features.map(({ name, unit, description, missing }) => [name, unit, description, missing])
    const digest = createHash('sha256').update(JSON.stringify(meaning)).digest('hex').slice(0, 12)
    // A model of another version cannot be read: a change here needs a new version, and then a new line.
    expect({ featureVersion, digest }).toEqual({ featureVersion: '1', digest: '3d56accad601' })
  })

  it('have a value where nothing is known', () => {
    const isKnown = (missing: string) => missing in featureIndex || Number.isFinite(Number(missing))
    expect(features.filter(({ missing }) => !isKnown(missing))).toEqual([])
  })

  it('are in docs/features.md, in order', () => {
    const rows = features.map(
      ({ name, group, unit, description, missing }, index) =>
        `| ${index} | \`${name}\` | ${group} | ${unit} | ${description} | ${missing} |`,
    )
    const written = page.split('\n').filter((line) => /^\| \d/.test(line))
    expect(written.map((line) => line.replaceAll(/ +/g, ' '))).toEqual(rows)
  })
})
