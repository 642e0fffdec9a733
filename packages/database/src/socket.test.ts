import { describe, expect, it } from 'vitest'
import { socketFolderOf, socketSettings } from './socket.ts'

describe('a server listens on a socket among its data', () => {
  it('that only its user may use', () => {
    const args = socketSettings('/var/lib/quimbi/data')
    expect(args).toEqual(expect.arrayContaining(['unix_socket_directories=/var/lib/quimbi/data']))
    expect(args).toEqual(expect.arrayContaining(['unix_socket_permissions=0700']))
  })

  it('unless the kernel could not name it: 103 bytes, not characters', () => {
    const rest = '/.s.PGSQL.65535'.length
    expect(socketSettings(`/${'a'.repeat(102 - rest)}`)).not.toEqual([])
    expect(socketSettings(`/${'a'.repeat(103 - rest)}`)).toEqual([])
    expect(socketSettings(`/${'é'.repeat(52 - Math.ceil(rest / 2))}`)).toEqual([])
  })

  it.each(['/a,b', '/a"b'])('unless PostgreSQL would read its path as a list: %s', (data) => {
    expect(socketSettings(data)).toEqual([])
  })

  it('which is not there where none listens', async () => {
    expect(await socketFolderOf('/nowhere', 5432)).toBeNull()
  })
})
