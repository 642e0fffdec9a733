import { execFileSync } from 'node:child_process'

/** Committed versions of a file, newest first; `gaps` says what could not be looked at, in sentences. */
export type History = { versions: { commit: string; text: string }[]; gaps: string[] }

/** Reads up to `limit` committed versions of a file, on the branch itself: of two that were merged, neither came after the other. */
export function committedVersions(root: string, path: string, limit: number): History {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'pipe'] })
  try {
    if (git('rev-parse', '--show-prefix').trim() !== '') return none('this folder is not the root of a git repository')
    git('rev-parse', '--verify', 'HEAD')
  } catch (error) {
    return none(whyGitFailed(error))
  }
  const isShallow = git('rev-parse', '--is-shallow-repository').trim() === 'true'
  const commits = git('log', '--first-parent', `--max-count=${limit}`, '--format=%H', '--diff-filter=AM', '--', path)
    .split('\n')
    .filter(Boolean)
  return {
    versions: commits.map((commit) => ({ commit, text: git('show', `${commit}:${path}`) })),
    gaps: isShallow ? [`the clone is shallow: of ${path} only ${commits.length} version(s) could be compared`] : [],
  }
}

const none = (reason: string): History => ({
  versions: [],
  gaps: [`nothing could be compared with earlier versions: ${reason}`],
})

function whyGitFailed(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && error.code === 'ENOENT') return 'git is not installed'
  const said = 'stderr' in error ? String(error.stderr) : error.message
  if (said.includes('Needed a single revision')) return 'there is no commit yet'
  return said.trim().split('\n')[0] ?? 'git failed'
}
