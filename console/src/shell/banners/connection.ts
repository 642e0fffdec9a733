import { useEffect, useState, useSyncExternalStore } from 'react'
import { useGraph, useLiveStatus } from '../../graph/graph.tsx'
import { refetchMissing } from '../../graph/refetch.ts'

/** A break is told of when it lasts so long, or when the next try is further off: ms. */
const briefMs = 1_000
const unansweredMs = 2_000
/** How long one is told that it is over: ms. */
const backMs = 6_000

const listenOnline = (listener: () => void) => {
  window.addEventListener('online', listener)
  window.addEventListener('offline', listener)
  return () => {
    window.removeEventListener('online', listener)
    window.removeEventListener('offline', listener)
  }
}

/** Whether the browser has a network at all; when it has one again, nobody waits for the next try. */
export function useIsOnline(): boolean {
  const { live } = useGraph()
  useEffect(() => {
    const tryNow = () => live.tryNow()
    window.addEventListener('online', tryNow)
    return () => window.removeEventListener('online', tryNow)
  }, [live])
  return useSyncExternalStore(listenOnline, () => navigator.onLine)
}

export type Connection = 'fine' | 'lost' | 'back'

/** How the live connection stands, as a person needs to know it: breaks that are over at once are none. */
export function useConnection(): Connection {
  const { apollo } = useGraph()
  const status = useLiveStatus()
  const isLive = status.state === 'live'
  const [connection, setConnection] = useState<Connection>('fine')
  const [wasLive, setWasLive] = useState(isLive)
  if (isLive && !wasLive) setWasLive(true)
  if (isLive && connection === 'lost') setConnection('back')

  useEffect(() => {
    if (isLive || status.state === 'signedOut' || (!wasLive && status.state !== 'waiting')) return
    const isFarOff = status.state === 'waiting' && status.nextTryAt.getTime() - Date.now() >= briefMs
    const timer = setTimeout(() => setConnection('lost'), isFarOff ? 0 : unansweredMs)
    return () => clearTimeout(timer)
  }, [status, isLive, wasLive])
  useEffect(() => {
    if (connection !== 'back') return
    refetchMissing(apollo)
    const timer = setTimeout(() => setConnection('fine'), backMs)
    return () => clearTimeout(timer)
  }, [connection, apollo])
  return connection
}
