import { readdirSync, readFileSync } from 'node:fs'

// From /proc: a small machine has no ps. Where there is no /proc the lists are empty.

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '' // ended meanwhile
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** State letter and parent of a process. */
function stat(pid: number): { state: string; parent: number } {
  const text = read(`/proc/${pid}/stat`)
  const [state = '', parent = '0'] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { state, parent: Number(parent) }
}

/** The process ids below a process, its children's children too. */
export function descendants(pid: number): number[] {
  const parents = new Map(processIds().map((id) => [id, stat(id).parent]))
  const below = (ancestor: number): number[] =>
    [...parents].filter(([, parent]) => parent === ancestor).flatMap(([id]) => [id, ...below(id)])
  return below(pid)
}

/** Whether a process runs; one that ended and waits to be collected does not. */
export function isAlive(pid: number): boolean {
  return !['', 'Z', 'X'].includes(stat(pid).state)
}

/** Processes other than this one whose command line names a text, e.g. a data folder. */
export function mentioning(text: string): number[] {
  return processIds().filter((id) => id !== process.pid && read(`/proc/${id}/cmdline`).includes(text))
}
