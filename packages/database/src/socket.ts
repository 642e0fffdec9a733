import { access } from 'node:fs/promises'
import { join } from 'node:path'

// The kernel's limit of a socket's address is 104 bytes on macOS, its end included, and 108 on Linux.
const longestAddress = 103

const addressOf = (data: string, port: number) => join(data, `.s.PGSQL.${port}`)

/**
 * PostgreSQL's arguments for a socket in the folder of its data, which only its user may enter: a statement and its answer cost half as much
 * CPU there as by the loopback network. None where the address would be too long, or where PostgreSQL would read the path as a list.
 */
export function socketSettings(data: string): string[] {
  const isUsable = Buffer.byteLength(addressOf(data, 65_535)) <= longestAddress && !/[,"]/.test(data)
  return isUsable ? ['-c', `unix_socket_directories=${data}`, '-c', 'unix_socket_permissions=0700'] : []
}

/** The folder of the socket of a server that runs, for the `host` of a connection string; `null` without one. */
export async function socketFolderOf(data: string, port: number): Promise<string | null> {
  return access(addressOf(data, port)).then(
    () => data,
    () => null,
  )
}
