import { constants } from 'node:fs'
import { access, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ArgumentError } from './backtest-arguments.ts'

/** Before minutes of work, whether its result can be written. @throws ArgumentError OUT */
export async function checkPlace(out: string, orders: string): Promise<void> {
  const there = await stat(out).catch(() => null)
  if (there?.isDirectory()) throw new ArgumentError('OUT', `--out is a folder: ${out}.`)
  const place = there ? out : dirname(out)
  await access(place, constants.W_OK).catch(() => {
    throw new ArgumentError('OUT', `--out cannot be written: ${out}.`)
  })
  if (there && (await realpath(out)) === (await realpath(orders).catch(() => orders)))
    throw new ArgumentError('OUT', '--out would overwrite the orders.')
}
