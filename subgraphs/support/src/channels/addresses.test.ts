import { describe, expect, it } from 'vitest'
import {
  isMailAddress,
  isOwnAddress,
  keptId,
  mailDomain,
  messageIdOf,
  messageIdsIn,
  ownMessage,
  replyAddress,
  sealedTicket,
} from './addresses.ts'

const tenantId = '0198a000-0000-7000-8000-00000000000a'
const id = '0198a000-0000-7000-8000-0000000000ff'
const key = 'a token of the inbound door'

describe('the address for answers', () => {
  const address = replyAddress('support@shop.example', { tenantId, number: 1042 }, key)

  it('names the ticket, and finds it again however the mail server writes it', () => {
    expect(address).toMatch(/^support\+1042-[0-9a-f]{20}@shop\.example$/)
    expect(address.split('@')[0]?.length).toBeLessThanOrEqual(64)
    expect(sealedTicket(['other@shop.example', address.toUpperCase()], tenantId, key)).toBe(1042)
  })

  it('is worth nothing for another ticket, tenant or key', () => {
    expect(sealedTicket([address.replace('1042', '1043')], tenantId, key)).toBeNull()
    expect(sealedTicket([address], id, key)).toBeNull()
    expect(sealedTicket([address], tenantId, `${key}!`)).toBeNull()
    expect(sealedTicket(['support@shop.example', 'support+1042@shop.example', ''], tenantId, key)).toBeNull()
  })
})

describe('Message-IDs', () => {
  it('of ours name their message, others’ nothing', () => {
    const domain = mailDomain({ mailFrom: 'Support@Shop.example', publicUrl: 'http://x.example' })
    expect(ownMessage(messageIdOf(id, domain), domain)).toBe(id)
    expect(ownMessage(`<${id}@elsewhere.example>`, domain)).toBeNull()
    expect(ownMessage('<CAF=abc@shop.example>', domain)).toBeNull()
    expect(ownMessage('<a b@shop.example> <c@d>', domain)).toBeNull()
  })

  it('are found in a header, the last ones if there are too many', () => {
    expect(messageIdsIn('<a@b.c> junk <d@e.f>\r\n <g@h.i>')).toEqual(['<a@b.c>', '<d@e.f>', '<g@h.i>'])
    const many = Array.from({ length: 5_000 }, (_, n) => `<${n}@x.example>`).join(' ')
    expect(messageIdsIn(many)).toHaveLength(50)
    expect(messageIdsIn(many).at(-1)).toBe('<4999@x.example>')
  })

  it('too long, or with what no id holds, are kept by their hash', () => {
    expect(keptId('<a@b.c>')).toBe('<a@b.c>')
    expect(keptId(`<${'a'.repeat(900)}@b.c>`)).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(keptId('<a\u0000@b.c>')).toMatch(/^sha256:/)
  })
})

describe('an address', () => {
  it('is one plain address, or is not taken', () => {
    expect(isMailAddress('mia@mail.example')).toBe(true)
    for (const bad of ['a@b, c@d', 'a@b\r\nBcc: c@d', 'Mia <a@b>', 'a', '@b', 'a@', `${'a'.repeat(65)}@b`, 'a@b@c', ''])
      expect(isMailAddress(bad), bad).toBe(false)
  })

  it('is ours with and without a ticket in it', () => {
    expect(isOwnAddress('Support+1-aa@shop.example', 'support@shop.example')).toBe(true)
    expect(isOwnAddress('mia@shop.example', 'support@shop.example')).toBe(false)
    expect(isOwnAddress('mia@shop.example', undefined)).toBe(false)
  })
})
