import { type FormEvent, useState } from 'react'
import { api, doneOf } from '@/client/api'
import { asProblem, fieldProblem } from '@/client/problem'
import { keyed, useWrite } from '@/client/write'
import { passwordProblem } from '@/features/users/newUser'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { TextField } from '@/ui/Field'
import { Notice } from '@/ui/Notice'
import { ACCOUNT } from './queries'

export function PasswordCard({ username }: { username: string }) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [tried, setTried] = useState(false)
  const change = useWrite(
    (body: { current_password: string; password: string }, key) =>
      doneOf(api.POST('/api/v1/auth/password', { params: { header: keyed(key) }, body })),
    {
      touches: [ACCOUNT],
      said: 'Your password is changed. All other sessions have ended.',
      onDone: () => {
        setCurrent('')
        setNext('')
        setAgain('')
        setTried(false)
      },
    },
  )
  const problems = {
    current: current === '' ? 'Your password as it is now.' : null,
    next: passwordProblem(next),
    again: again === next ? null : 'Not the same as above.',
  }
  const wrong = (field: keyof typeof problems) => (tried ? problems[field] : null)
  const told = fieldProblem(change.error, 'password')
  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (change.isPending || Object.values(problems).some(Boolean)) return
    change.mutate({ current_password: current, password: next })
  }
  return (
    <Card title="Password">
      <form onSubmit={submit} noValidate>
        <div className="grid gap-4 px-4 pt-2 pb-4 sm:grid-cols-2 sm:px-5">
          {/* For managers of passwords, which want to know whose it is. */}
          <input
            type="text"
            name="username"
            autoComplete="username"
            value={username}
            readOnly
            hidden
          />
          <TextField
            label="Current password"
            className="sm:col-span-2 sm:max-w-[calc(50%-0.5rem)]"
            type="password"
            autoComplete="current-password"
            value={current}
            onChange={setCurrent}
            error={wrong('current')}
          />
          <TextField
            label="New password"
            type="password"
            autoComplete="new-password"
            value={next}
            onChange={setNext}
            hint="At least 12 characters."
            error={wrong('next') ?? told}
          />
          <TextField
            label="New password once more"
            type="password"
            autoComplete="new-password"
            value={again}
            onChange={setAgain}
            error={wrong('again')}
          />
          {change.error && !told && (
            <Notice tone="bad" className="sm:col-span-2">
              {asProblem(change.error).message}
            </Notice>
          )}
        </div>
        <div className="flex items-center justify-between gap-3 border-t border-line px-4 py-3 sm:px-5">
          <span className="text-[0.8125rem] text-muted">You are signed out everywhere else.</span>
          <Button type="submit" look="solid" disabled={change.isPending}>
            {change.isPending ? 'Changing…' : 'Change password'}
          </Button>
        </div>
      </form>
    </Card>
  )
}
