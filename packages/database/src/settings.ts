import { totalmem } from 'node:os'

const common = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // A statement's error goes to its caller. In the log it would carry personal data.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

// A checkpoint makes every page that is touched next go into the log whole: in an import of a million tickets, at a gigabyte's
// distance, that was a quarter of the time.
const lasting = { max_wal_size: '4GB', checkpoint_timeout: '15min' }

const disposable = {
  max_wal_size: '1GB',
  shared_buffers: '128MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  // When it came by would decide plans, and it takes turns at hundreds of databases. A test that needs statistics asks for them.
  autovacuum: 'off',
}

/** Command-line arguments that fit PostgreSQL to a machine of `memoryBytes`; not `durable` is for tests. */
export function settings(port: number, durable: boolean, memoryBytes = usableMemory()): string[] {
  const own = durable ? { ...lasting, shared_buffers: `${cacheMiB(memoryBytes)}MB` } : disposable
  return Object.entries({ ...common, ...own, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
}

/** A quarter of the memory, as PostgreSQL's manual has it; more than a gigabyte is a server's, not ours. */
const cacheMiB = (memoryBytes: number) => Math.round(Math.min(1_024, Math.max(128, memoryBytes / 4 / 2 ** 20)))

function usableMemory(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}
