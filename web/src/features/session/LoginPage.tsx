import { useMutation } from '@tanstack/react-query'
import { getRouteApi, Link, useRouter } from '@tanstack/react-router'
import { Eye, EyeOff, LogIn } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { asProblem, Refused } from '@/client/problem'
import { Button } from '@/ui/Button'
import { Logo } from '@/ui/Logo'
import { Wind } from '@/ui/Wind'
import { INPUT } from './fields'
import { session } from './session'

const route = getRouteApi('/login')

export function LoginPage() {
  const { next, ended } = route.useSearch()
  const router = useRouter()
  useEffect(() => {
    document.title = 'Sign in · Tradewind'
  }, [])
  return (
    <div className="grid min-h-dvh lg:grid-cols-[1.1fr_1fr]">
      <Wind className="max-lg:hidden" />
      <main className="flex flex-col items-center justify-center px-5 py-10">
        <div className="w-full max-w-88">
          <div className="mb-8 flex items-center gap-3">
            <Logo size={36} />
            <span className="text-xl font-semibold tracking-tight">Tradewind</span>
          </div>
          <h1 className="text-2xl font-semibold tracking-tight">Sign in</h1>
          <p className="mt-1 mb-6 text-muted">
            {ended
              ? 'Your session has ended. Sign in to go on where you were.'
              : 'To see how sales are going.'}
          </p>
          <LoginForm onSignedIn={() => router.history.replace(next ?? '/')} />
          <p className="mt-8 border-t border-line pt-4 text-[0.8125rem] text-muted">
            <Link
              to="/reset-password"
              className="font-medium text-accent underline underline-offset-4"
            >
              Lost your password?
            </Link>{' '}
            First time here? The name and the password were printed when{' '}
            <code className="font-mono text-ink">tradewind up</code> started. Another account:{' '}
            <code className="font-mono text-ink">tradewind user create</code>
          </p>
        </div>
      </main>
    </div>
  )
}

function LoginForm({ onSignedIn }: { onSignedIn: () => void }) {
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [asksForCode, setAsksForCode] = useState(false)
  const [keep, setKeep] = useState(false)
  const [shown, setShown] = useState(false)
  const passwordField = useRef<HTMLInputElement>(null)
  const codeField = useRef<HTMLInputElement>(null)
  const signIn = useMutation({
    mutationFn: () => session.signIn(username.trim(), password, keep, code.trim()),
    onSuccess: onSignedIn,
    onError: (error) => {
      if (isAboutCode(error)) setAsksForCode(true)
      else passwordField.current?.select()
    },
  })
  useEffect(() => {
    if (!asksForCode) return
    codeField.current?.focus()
    codeField.current?.select()
  }, [asksForCode, signIn.failureCount])
  function submit(event: FormEvent) {
    event.preventDefault()
    if (!signIn.isPending) signIn.mutate()
  }
  const problem = signIn.error ? asProblem(signIn.error) : null
  return (
    <form onSubmit={submit} className="space-y-4">
      <label className="block font-medium">
        Username
        <input
          className={`${INPUT} mt-1.5 font-normal`}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
      </label>
      <div>
        <label htmlFor="password" className="font-medium">
          Password
        </label>
        <div className="relative mt-1.5">
          <input
            ref={passwordField}
            id="password"
            className={`${INPUT} pr-12`}
            name="password"
            type={shown ? 'text' : 'password'}
            autoComplete="current-password"
            required
            aria-invalid={problem !== null && !isAboutCode(problem)}
            aria-describedby="login-problem"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <button
            type="button"
            aria-label="Show the password"
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
            className="absolute inset-y-0 right-0 grid w-11 place-items-center rounded-lg text-muted hover:text-ink"
          >
            {shown ? <EyeOff size={17} aria-hidden /> : <Eye size={17} aria-hidden />}
          </button>
        </div>
        {asksForCode && (
          <label className="mt-4 block font-medium">
            Code of your authenticator app, or a recovery code
            <input
              ref={codeField}
              className={`${INPUT} mt-1.5 font-normal`}
              name="code"
              autoComplete="one-time-code"
              autoCapitalize="none"
              spellCheck={false}
              required
              aria-invalid={problem !== null && isAboutCode(problem) && code !== ''}
              aria-describedby="login-problem"
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          </label>
        )}
        <p
          id="login-problem"
          role="alert"
          className="mt-1.5 min-h-4.5 text-[0.8125rem] leading-4.5 text-down"
        >
          {problem?.message}
        </p>
      </div>
      <label className="mb-6 flex min-h-6 cursor-pointer items-center gap-2.5">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={keep}
          onChange={(event) => setKeep(event.target.checked)}
        />
        Keep me signed in on this device
      </label>
      <Button type="submit" look="solid" className="h-11 w-full" disabled={signIn.isPending}>
        <LogIn size={16} aria-hidden /> {signIn.isPending ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  )
}

/** The password was right; what is asked for, or wrong, is the second factor. */
function isAboutCode(error: Error): boolean {
  return error instanceof Refused && error.code.startsWith('second_factor')
}
