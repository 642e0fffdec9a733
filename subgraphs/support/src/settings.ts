import type { Links } from '@quimbi/service/links.ts'

/** How this installation meets the world. What a tenant decides is in its own settings. */
export type SupportSettings = {
  /** Where the doors besides the graph are reached from outside: files, surveys, exports, what others post. No trailing slash. */
  publicUrl: string
  /** Origins of pages, in lower case, that may upload and fetch files from a browser: the console's, where that is another than this. */
  pageOrigins?: readonly string[] | undefined
  /** A folder for attachments and for what goes out where no channel is configured. */
  filesDir: string
  /** Sends e-mail by this server; without it mail is written to `filesDir`. `smtp://user:password@host:587` */
  smtpUrl?: string | undefined
  /** The address that mail comes from, where the server is configured. */
  mailFrom?: string | undefined
  /** Keeps attachments in an S3-compatible bucket instead of `filesDir`. */
  s3?: { endpoint: string; bucket: string; region: string; accessKeyId: string; secretAccessKey: string } | undefined
  /** The token that senders of inbound messages present; without one the inbound door is closed. */
  inboundToken?: string | undefined
  /** Lets webhooks lead to this machine itself, by http too: for tests, and set by no variable. */
  webhooksToLoopback?: boolean | undefined
}

/** What the doors and links of Support need. */
export type SupportDoors = { settings: SupportSettings; links: Links }
