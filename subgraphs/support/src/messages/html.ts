import sanitizeHtml from 'sanitize-html'

/** Longer rich text is left out: the plain one is always there. */
const maxHtml = 200_000

const options: sanitizeHtml.IOptions = {
  allowedTags: [
    ...[
      'p',
      'br',
      'div',
      'span',
      'b',
      'strong',
      'i',
      'em',
      'u',
      's',
      'sub',
      'sup',
      'small',
      'blockquote',
      'pre',
      'code',
    ],
    ...['ul', 'ol', 'li', 'a', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr'],
    ...['table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th'],
  ],
  // No images: a remote one would tell the sender that, when and where it was read.
  allowedAttributes: { a: ['href', 'rel', 'target'], td: ['colspan', 'rowspan'], th: ['colspan', 'rowspan'] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  nestingLimit: 100,
  transformTags: {
    a: (tagName, { href }) => ({
      tagName,
      attribs: { ...(href !== undefined && { href }), rel: 'noopener noreferrer nofollow', target: '_blank' },
    }),
  },
}

/** Rich text without scripts, styles, forms, images, ids and links that are none; null where nothing to read is left. */
export function sanitised(html: string | null | undefined): string | null {
  if (!html || html.length > maxHtml) return null
  const clean = sanitizeHtml(html.replaceAll('\u0000', '').toWellFormed(), options).trim()
  return /[^\s]/.test(clean.replace(/<[^>]*>/g, '').replaceAll('&nbsp;', ' ')) ? clean : null
}
