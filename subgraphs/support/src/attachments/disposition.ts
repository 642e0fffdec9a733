/** The header that makes a browser save a file under its name, whatever the name (RFC 6266). Pure. */
export function disposition(fileName: string): string {
  const plain = fileName.replace(/[^\w.() -]/g, '_')
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
