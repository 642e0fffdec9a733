import { useRef, useState } from 'react'
import { useGraph } from '../../../graph/graph.tsx'
import { refusalOf, upload, type Uploaded } from './upload.ts'

/** A file on its way into a reply. `id`: once it is there. */
export type Attached = { key: string; fileName: string; share: number; id: string | null; error: string | null }

/** The files of the reply that is being written. */
export function useFiles() {
  const { apollo } = useGraph()
  const [files, setFiles] = useState<readonly Attached[]>([])
  const running = useRef(new Map<string, AbortController>())

  const change = (key: string, to: Partial<Attached>) =>
    setFiles((before) => before.map((file) => (file.key === key ? { ...file, ...to } : file)))

  async function start(key: string, file: File) {
    const stop = new AbortController()
    running.current.set(key, stop)
    try {
      const onProgress = (share: number) => change(key, { share })
      const { id, fileName } = await upload(apollo, file, { onProgress, signal: stop.signal })
      change(key, { id, fileName, share: 1 })
    } catch (error) {
      change(key, { error: error instanceof Error ? error.message : 'The file was not uploaded.' })
    } finally {
      running.current.delete(key)
    }
  }
  const add = (chosen: Iterable<File>) => {
    for (const file of chosen) {
      const key = crypto.randomUUID()
      const error = refusalOf(file)
      setFiles((before) => [...before, { key, fileName: file.name, share: 0, id: null, error }])
      if (error === null) void start(key, file)
    }
  }
  const remove = (key: string) => {
    running.current.get(key)?.abort()
    setFiles((before) => before.filter((file) => file.key !== key))
  }
  return {
    files,
    add,
    remove,
    clear: () => setFiles([]),
    /** Those of a reply that came back. */
    restore: (uploaded: readonly Uploaded[]) =>
      setFiles(uploaded.map(({ id, fileName }) => ({ key: id, id, fileName, share: 1, error: null }))),
    uploaded: files.flatMap(({ id, fileName }) => (id === null ? [] : [{ id, fileName }])),
    isUploading: files.some(({ id, error }) => id === null && error === null),
  }
}

export type Files = ReturnType<typeof useFiles>
