import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

/** A mail that the server took, or had taken when its sender was gone. */
export type TakenMail = { messageId: string; from: string; to: string[]; raw: string }

type Behaviour = {
  /** Refuses a recipient with this code. */
  refuseRecipient?: (address: string) => number | null
  /** Called with the whole of a mail in hand, before it is acknowledged; a number refuses it, 'cut' ends every connection. */
  onMail?: (mail: TakenMail) => Promise<number | 'cut' | void> | number | 'cut' | void
}

/** A real SMTP server on this machine that keeps what it took. */
export async function openSmtp({ refuseRecipient, onMail }: Behaviour = {}) {
  const taken: TakenMail[] = []
  const sockets = new Set<Socket>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onRcptTo({ address }, _session, done) {
      const code = refuseRecipient?.(address)
      done(code ? refusal(code) : null)
    },
    onData(stream, session, done) {
      void text(stream).then(async (raw) => {
        const { mailFrom, rcptTo } = session.envelope
        const messageId = /^Message-ID: (.*)$/im.exec(raw)?.[1]?.trim() ?? ''
        const mail = {
          messageId,
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          raw,
        }
        const code = await onMail?.(mail)
        if (code === 'cut') return sockets.forEach((socket) => socket.destroy())
        if (code) return done(refusal(code))
        taken.push(mail)
        done()
      })
    },
  })
  server.on('error', () => {}) // connections that a test cuts
  const listening = server.listen(0, '127.0.0.1')
  listening.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  }
}

const refusal = (responseCode: number) => Object.assign(new Error('not this one'), { responseCode })

/** The headers of a mail by lower-case name, unfolded. */
export const headersOf = (raw: string): Map<string, string> =>
  new Map(
    (raw.split('\r\n\r\n')[0] ?? '')
      .replace(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map(
        (line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const,
      ),
  )
