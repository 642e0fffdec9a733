import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserErrors } from '@quimbi/service/errors.ts'
import { allowedType, safeName } from './names.ts'
import { disposition } from './disposition.ts'
import { isHarmlessText } from './sniff.ts'

describe('the name of a file', () => {
  it.each([
    ['photo.png', 'image/png', 'photo.png'],
    ['../../etc/passwd', 'text/plain', 'passwd.txt'],
    ['C:\\Windows\\system32\\evil.exe', 'image/png', 'evil.exe.png'],
    ['invoice\u202egnp.exe', 'image/png', 'invoicegnp.exe.png'],
    ['a\r\nSet-Cookie: x.pdf', 'application/pdf', 'aSet-Cookie x.pdf'],
    ['.htaccess', 'text/plain', 'htaccess.txt'],
    ['...', 'application/pdf', 'file.pdf'],
    ['page.html', 'text/plain', 'page.html.txt'],
    ['Foto Zürich.JPG', 'image/jpeg', 'Foto Zürich.jpg'],
    ['請求書.pdf', 'application/pdf', '請求書.pdf'],
  ])('%j as %s is %j', (given, type, expected) => {
    expect(safeName(given, type)).toBe(expected)
  })

  it('is short, and neither a path nor marked, whatever was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
        const name = safeName(given, 'image/png')
        expect(name.length).toBeLessThanOrEqual(200)
        expect(name).toMatch(/\.png$/)
        expect(name).not.toMatch(/[/\\\p{Cc}\p{Cf}]/u)
        expect(name.isWellFormed()).toBe(true)
      }),
    )
  })

  it('goes into a header that is one line of ASCII and means the same name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (given) => {
        const name = safeName(given, 'application/pdf')
        const header = disposition(name)
        expect(header).toMatch(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\x21-\x7e]*$/)
        expect(decodeURIComponent(header.split("''")[1]!)).toBe(name)
      }),
    )
  })
})

describe('a media type', () => {
  it('is taken without its parameters', () => {
    expect(allowedType('Text/Plain; charset=utf-8', [])).toBe('text/plain')
  })

  it.each(['text/html', 'image/svg+xml', 'text/javascript', 'application/x-msdownload', 'constructor', ''])(
    '%j is refused',
    (type) => {
      expect(() => allowedType(type, ['input'])).toThrow(UserErrors)
    },
  )
})

describe('text', () => {
  it.each([
    ['a,b\n1,2', true],
    ['Grüezi', true],
    ['3 < 4', true],
    ['<!doctype html><p>', false],
    ['  <html>', false],
    ['\ufeff<svg xmlns="x">', false],
    ['<?xml version="1.0"?>', false],
    ['#!/bin/sh', false],
    ['a\u0000b', false],
  ])('%j is harmless: %s', (content, harmless) => {
    expect(isHarmlessText(Buffer.from(content))).toBe(harmless)
  })
})
