import { describe, expect, it } from 'vitest'
import { emailProblem } from '@/lib/email'
import { readUsersSearch, usersParams } from './filters'
import { passwordProblem, randomPassword, usernameProblem } from './newUser'
import { browserOf } from './words'

describe('a new user', () => {
  it('needs a name, an address that looks like one, and a long password', () => {
    expect(usernameProblem('ada.l')).toBeNull()
    expect(usernameProblem('ada lovelace')).not.toBeNull()
    expect(emailProblem('')).toBeNull()
    expect(emailProblem('ada@')).not.toBeNull()
    expect(passwordProblem('short')).not.toBeNull()
  })

  it('gets another password each time, which can be read out', () => {
    const passwords = new Set(Array.from({ length: 50 }, randomPassword))
    expect(passwords.size).toBe(50)
    for (const password of passwords) {
      expect(password).toMatch(/^([a-z2-9]{5}-){4}[a-z2-9]{5}$/)
      expect(password).not.toMatch(/[il10o]/)
      expect(passwordProblem(password)).toBeNull()
    }
  })
})

describe('the list', () => {
  it('shows those who may sign in unless asked otherwise', () => {
    expect(usersParams({})).toEqual({ is_active: true })
    expect(usersParams({ active: 'no' })).toEqual({ is_active: false })
    expect(usersParams({ active: 'all', role: 'admin' })).toEqual({ role: 'admin' })
    expect(readUsersSearch({ role: 'king', active: 'maybe' })).toEqual({})
  })
})

it.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
    'Chrome on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 (KHTML, like Gecko) Version/18 Safari/605.1',
    'Safari on macOS',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  ['curl/8.5', 'curl/8.5'],
  [null, null],
])('%s is %s', (agent, name) => {
  expect(browserOf(agent)).toBe(name)
})
