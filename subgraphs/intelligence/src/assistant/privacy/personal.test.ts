import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { personalIn } from './personal.ts'

const people = (text: string): string[] =>
  personalIn(text).flatMap(({ kind, text }) => (kind === 'person' ? [text] : []))

describe('people who introduce themselves', () => {
  it.each([
    ['My name is Petra Quixley', ['Petra Quixley']],
    ['MY NAME IS Petra, not Ann', ['Petra']],
    ['my name is יוסי כהן', ['יוסי כהן']],
    ['Best wishes,\nÅsa Öst-Åkesson', ['Åsa Öst-Åkesson']],
    ['thanks, Bob. SIGNED Zoë', ['Bob', 'Zoë']],
    ['Thanks Name: Zed Foo', ['Name', 'Zed Foo']],
    ['Regards, Regards, Ann', ['Regards', 'Ann']],
  ])('are found in %j', (text, names) => expect(people(text)).toEqual(names))

  it.each([
    'my name is petra', // a name is known by its capital
    'Surname: Bob', // words inside of words introduce nobody
    'Thanks,     Bob', // too far away
    'My name is',
  ])('are not found in %j', (text) => expect(people(text)).toEqual([]))

  // V8 compiles patterns without its optimizations once a process has much compiled code; what it then finds must be the same.
  it('are found in a process that has run for long as well', async () => {
    const text =
      'My name is Petra Quixley. REGARDS, יוסי כהן / Best wishes, Zoë / signed Bob / a@b.example, +44 20 7946 0958, ' +
      '221b Baker Street, London NW1 6XE, order QS-77441, 1Z999AA10123456784, 4111 1111 1111 1111, [order-1]'
    const module = new URL('./personal.ts', import.meta.url).href
    const script = `import { personalIn } from '${module}'; console.log(JSON.stringify(personalIn(process.argv[1])))`
    const options = ['--no-regexp-optimization', '--input-type=module', '--eval', script, text]
    const { stdout } = await promisify(execFile)(process.execPath, options)
    expect(people(text)).toEqual(['Petra Quixley', 'יוסי כהן', 'Zoë', 'Bob'])
    expect(JSON.parse(stdout)).toEqual(personalIn(text))
  })
})
