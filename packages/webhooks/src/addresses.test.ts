import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLoopbackAddress, isPublicAddress } from './addresses.ts'
import { webhookUrl } from './url.ts'

const privateOnes = [
  ...['127.0.0.1', '10.0.0.1', '172.16.3.4', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1'],
  ...['255.255.255.255', '168.63.129.16', '198.18.0.1', '240.0.0.1', '192.0.2.1'],
  ...[
    '::',
    '::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
  ],
  ...['::127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1', '2001:0:7f00:1::'],
  ...['', 'example.com', '1.2.3', '2130706433', '0x7f.1', '127.0.0.1 '],
]

describe('an address', () => {
  it.each(privateOnes)('%j is not public', (address) => expect(isPublicAddress(address)).toBe(false))

  it.each(['8.8.8.8', '93.184.215.14', '2606:4700::1111', '::ffff:8.8.8.8'])('%j is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  )

  it('is as private written as IPv6 as it is as IPv4', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => isPublicAddress(`::ffff:${address}`) === isPublicAddress(address)))
  })

  it('is this machine’s own in 127.0.0.0/8 and ::1 only', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].every(isLoopbackAddress)).toBe(true)
    expect(['10.0.0.1', '::', 'localhost', '8.8.8.8'].some(isLoopbackAddress)).toBe(false)
  })
})

describe('an endpoint’s URL', () => {
  const check = (url: string, toLoopback = false) => webhookUrl(url, { toLoopback }, ['input', 'url'])

  it('comes back in its normal form, without a fragment', () => {
    expect(check(' https://Shop.example:443/hook?key=1#top ')).toBe('https://shop.example/hook?key=1')
  })

  it.each([
    ...[
      'shop.example',
      'http://shop.example/',
      'ftp://shop.example/',
      'https://me:pw@shop.example/',
      'https://me@a.example',
    ],
    ...['https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://[::1]/', 'https://[::ffff:10.0.0.1]/'],
    ...[
      'https://localhost/',
      'https://a.localhost',
      'https://localhost./',
      'https://169.254.169.254/latest',
      'http://localhost/',
    ],
  ])('%j is refused', (url) => {
    expect(() => check(url)).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ code: 'INVALID' })] }),
    )
  })

  it('of more than 2,000 characters is refused', () => {
    expect(() => check(`https://a.example/${'x'.repeat(2_000)}`)).toThrow('2,000')
    // Longer once it is written out.
    expect(() => check(`https://a.example/${'ü'.repeat(1_000)}`)).toThrow('2,000')
  })

  it('may lead to this machine, and to no other private one, where the settings say so', () => {
    expect(check('http://127.0.0.1:1234/', true)).toBe('http://127.0.0.1:1234/')
    expect(check('http://localhost:1234/', true)).toBe('http://localhost:1234/')
    for (const url of ['http://10.0.0.1/', 'https://10.0.0.1/', 'http://shop.example/'])
      expect(() => check(url, true)).toThrow()
  })
})
