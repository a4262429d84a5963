import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { KeyRound, Mail } from 'lucide-react'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { asProblem } from '@/client/problem'
import { Button } from '@/ui/Button'
import { Logo } from '@/ui/Logo'
import { askForReset, finishReset } from './reset'
import { INPUT } from './fields'

/** Where the link of a mail leads: the token stands after the #, which browsers tell no server. */
export function ResetPage() {
  // Read once and taken out of the address: it must not stay in the history of a shared computer.
  const [token] = useState(() => window.location.hash.slice(1))
  useEffect(() => {
    document.title = 'Choose a password · Tradewind'
    if (token) window.history.replaceState(window.history.state, '', window.location.pathname)
  }, [token])
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-5 py-10">
      <div className="w-full max-w-88">
        <div className="mb-8 flex items-center gap-3">
          <Logo size={36} />
          <span className="text-xl font-semibold tracking-tight">Tradewind</span>
        </div>
        {token ? <NewPassword token={token} /> : <AskForLink />}
        <p className="mt-8 border-t border-line pt-4 text-[0.8125rem] text-muted">
          <Link to="/login" className="font-medium text-accent underline underline-offset-4">
            Back to sign-in
          </Link>
        </p>
      </div>
    </main>
  )
}

function AskForLink() {
  const [name, setName] = useState('')
  const ask = useMutation({ mutationFn: () => askForReset(name.trim()) })
  return (
    <Form
      title="Lost your password?"
      about="A mail with a link to choose another goes to the address of the user."
      onSubmit={() => ask.mutate()}
      problem={ask.error}
      done={
        ask.isSuccess
          ? 'If there is such a user with a mail address, the link is on its way. It is good for an hour.'
          : null
      }
      action={
        <>
          <Mail size={16} aria-hidden /> Send the link
        </>
      }
      isPending={ask.isPending}
    >
      <label className="block font-medium">
        Username or mail address
        <input
          className={`${INPUT} mt-1.5 font-normal`}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
    </Form>
  )
}

function NewPassword({ token }: { token: string }) {
  const [password, setPassword] = useState('')
  const finish = useMutation({ mutationFn: () => finishReset(token, password) })
  return (
    <Form
      title="Choose a password"
      about="At least 12 characters. You are signed out everywhere else."
      onSubmit={() => finish.mutate()}
      problem={finish.error}
      done={finish.isSuccess ? 'This is your password now. Sign in with it.' : null}
      action={
        <>
          <KeyRound size={16} aria-hidden /> Use this password
        </>
      }
      isPending={finish.isPending}
    >
      <label className="block font-medium">
        New password
        <input
          className={`${INPUT} mt-1.5 font-normal`}
          name="password"
          type="password"
          autoComplete="new-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
    </Form>
  )
}

type FormProps = {
  title: string
  about: string
  onSubmit: () => void
  problem: unknown
  /** What to say instead of the fields once it is done. */
  done: string | null
  action: ReactNode
  isPending: boolean
  children: ReactNode
}

function Form({ title, about, onSubmit, problem, done, action, isPending, children }: FormProps) {
  function submit(event: FormEvent) {
    event.preventDefault()
    if (!isPending) onSubmit()
  }
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      {done ? (
        <p role="status" className="mt-3">
          {done}
        </p>
      ) : (
        <form onSubmit={submit} className="mt-1 space-y-4">
          <p className="text-muted">{about}</p>
          {children}
          <p role="alert" className="min-h-4.5 text-[0.8125rem] leading-4.5 text-down">
            {problem ? asProblem(problem).message : null}
          </p>
          <Button type="submit" look="solid" className="h-11 w-full" disabled={isPending}>
            {action}
          </Button>
        </form>
      )}
    </>
  )
}
