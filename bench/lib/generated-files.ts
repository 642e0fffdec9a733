/** A file in the form of Online Retail: invoices of 20 lines, 4,000 customers. */
export function retailLines(lines: number): string {
  const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n'
  const rows = Array.from({ length: lines }, (_, at) => {
    const invoice = Math.floor(at / 20)
    const day = new Date(Date.UTC(2011, 0, 1) + invoice * 60_000).toISOString().slice(0, 19).replace('T', ' ')
    return `${536_000 + invoice},${20_000 + (at % 4_000)},"CREAM CUPID HEARTS COAT HANGER",${1 + (at % 12)},${day},2.75,${12_000 + (invoice % 4_000)},"United Kingdom"\n`
  })
  return header + rows.join('')
}

const words =
  'Hello, my parcel should have been here on Monday and there is still no news of it. Can you look where it is? '

/** The `from`th to `to`th of many tickets as JSON lines, one a minute, with one message or two, of 2,000 customers. */
export function ticketLines(from: number, to: number): string {
  const rows = Array.from({ length: to - from }, (_, index) => {
    const at = from + index
    const createdAt = new Date(Date.UTC(2024, 0, 1) + at * 60_000).toISOString()
    const messages = [
      { authorName: 'Ada Moreau', content: words.repeat(2) },
      { fromAgent: true, authorName: 'Theo Brandt', authorEmail: 'theo@bench.example', content: words },
    ]
    return JSON.stringify({
      externalRef: { source: 'bench', id: `T-${at}` },
      subject: `Where is my order ${at}`,
      status: at % 3 === 0 ? 'CLOSED' : 'OPEN',
      channel: 'EMAIL',
      customer: { source: 'online-retail', externalId: String(12_000 + (at % 2_000)) },
      createdAt,
      messages: messages.slice(0, 1 + (at % 2)),
    })
  })
  return `${rows.join('\n')}\n`
}
