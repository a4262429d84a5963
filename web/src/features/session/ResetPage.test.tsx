import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it, vi } from 'vitest'
import { App } from '@/App'
import { problem, TestServer } from '@/test/server'
import { session } from './session'

let asked: [string, unknown][] = []

function answers(response: () => Response) {
  vi.stubGlobal('fetch', (input: string, init?: RequestInit) => {
    asked.push([input, JSON.parse(String(init?.body))])
    return response()
  })
}

beforeEach(() => {
  asked = []
  session.signOut()
  new TestServer().start()
})

it('the link of a mail leads to a new password, and its token stays out of the history', async () => {
  window.history.replaceState(null, '', '/reset-password#the-token')
  render(<App />)
  const field = await screen.findByLabelText('New password')
  expect(window.location.hash).toBe('')
  answers(() => new Response(null, { status: 204 }))
  await userEvent.type(field, 'a new and longer password{Enter}')
  expect(await screen.findByRole('status')).toHaveTextContent('This is your password now.')
  expect(asked).toEqual([
    [
      '/api/v1/auth/password-reset/confirm',
      { token: 'the-token', password: 'a new and longer password' },
    ],
  ])
  expect(screen.getByRole('link', { name: 'Back to sign-in' })).toHaveAttribute('href', '/login')
})

it('a link that is over says so, and the password can be typed again', async () => {
  window.history.replaceState(null, '', '/reset-password#old')
  render(<App />)
  const field = await screen.findByLabelText('New password')
  answers(() => problem(422, 'The request is not valid', 'This link is not good any more.'))
  await userEvent.type(field, 'a new and longer password{Enter}')
  expect(await screen.findByText('This link is not good any more.')).toBeVisible()
  expect(field).toHaveValue('a new and longer password')
})

it('who has lost the password is told the same whoever they are', async () => {
  window.history.replaceState(null, '', '/reset-password')
  render(<App />)
  answers(() => new Response(null, { status: 202 }))
  await userEvent.type(await screen.findByLabelText('Username or mail address'), 'ada{Enter}')
  expect(await screen.findByRole('status')).toHaveTextContent('If there is such a user')
  expect(asked).toEqual([['/api/v1/auth/password-reset', { name: 'ada' }]])
})
