const common = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // A statement's error goes to its caller. In the log it would carry personal data.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

const disposable = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
}

/** Command-line arguments that fit PostgreSQL to a small machine. */
export function settings(port: number, durable: boolean): string[] {
  return Object.entries({ ...common, port: String(port), ...(durable ? {} : disposable) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
}
