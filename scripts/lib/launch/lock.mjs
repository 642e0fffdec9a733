import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Runs the work while holding the lock file, so that two launches on a fresh clone do not install over each other.
 * A lock whose process is gone is taken over.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {(holder: number) => void} [onWait] told once, with the process that holds it
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait = sayWaiting) {
  mkdirSync(dirname(file), { recursive: true })
  let told = false
  while (!tryLock(file)) {
    const holder = holderOf(file)
    if (holder && !isRunning(holder)) takeOver(file)
    else {
      if (holder && !told) onWait(holder.pid)
      told ||= holder !== null
      await sleep(200)
    }
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** @param {number} holder */
const sayWaiting = (holder) =>
  console.error(`Another launch (process ${holder}) is setting the project up; waiting for it …`)

/**
 * Links a complete file into place: unlike an exclusive create, nobody ever reads it empty.
 * @param {string} file
 */
function tryLock(file) {
  const mine = `${file}.${process.pid}`
  writeFileSync(mine, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }))
  try {
    linkSync(mine, file)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  } finally {
    rmSync(mine, { force: true })
  }
}

/**
 * Removes a dead holder's lock. Only one at a time may, or the second would remove the first one's fresh lock.
 * @param {string} file
 */
function takeOver(file) {
  const guard = `${file}.takeover`
  try {
    mkdirSync(guard)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    const age = Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (age > 10_000) rmSync(guard, { recursive: true, force: true })
    return
  }
  const holder = holderOf(file)
  if (holder && !isRunning(holder)) rmSync(file, { force: true })
  rmSync(guard, { recursive: true, force: true })
}

/**
 * @param {string} file
 * @returns {{ pid: number, started: string } | null}
 */
function holderOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    return { pid: 0, started: '' } // not a lock of ours (a full disk, an edit): nobody holds it
  }
}

/** @param {{ pid: number, started: string }} holder */
function isRunning({ pid, started }) {
  if (pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return false
  }
  return started === startOf(pid)
}

/**
 * When a process started, where the system tells (Linux): a process id alone is used again, in containers soon.
 * @param {number} pid
 */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function hasCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code
}
