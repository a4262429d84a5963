import { Copy, Download, ShieldAlert, ShieldCheck } from 'lucide-react'
import { type FormEvent, lazy, Suspense, useState } from 'react'
import { api, bodyOf, doneOf } from '@/client/api'
import type { components } from '@/client/schema'
import { save } from '@/client/download'
import { asProblem } from '@/client/problem'
import { keyed, useWrite } from '@/client/write'
import { counted } from '@/lib/format'
import { ActionSheet } from '@/ui/ActionSheet'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Command } from '@/ui/Command'
import { FailedQuery } from '@/ui/Failed'
import { TextField } from '@/ui/Field'
import { Notice } from '@/ui/Notice'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { toast } from '@/ui/toast'
import { ACCOUNT, useSecondFactor } from './queries'

type Begun = components['schemas']['SecondFactorBegun']

/** Drawn only for who sets a second factor up. */
const QrCode = lazy(() => import('./QrCode').then((file) => ({ default: file.QrCode })))

/** A code of an app beside the password: set up, its recovery codes, and off again. */
export function SecondFactorCard() {
  const factor = useSecondFactor()
  const [begun, setBegun] = useState<Begun | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const [sheet, setSheet] = useState<'begin' | 'off' | null>(null)
  const close = () => setSheet(null)
  const isOn = factor.data?.is_on
  const left = factor.data?.recovery_codes_left ?? 0
  return (
    <Card title="Second factor">
      <div className="space-y-4 px-4 pt-1 pb-5 sm:px-5">
        {factor.isPending && <RowsSkeleton rows={1} height={40} />}
        {factor.error && !factor.data && <FailedQuery query={factor} className="" />}
        {codes && <RecoveryCodes codes={codes} onKept={() => setCodes(null)} />}
        {begun && !codes && (
          <Confirm
            begun={begun}
            onDone={(made) => {
              setBegun(null)
              setCodes(made)
            }}
            onStop={() => setBegun(null)}
          />
        )}
        {factor.data && !begun && !codes && (
          <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
            {isOn ? (
              <ShieldCheck size={22} aria-hidden className="text-up" />
            ) : (
              <ShieldAlert size={22} aria-hidden className="text-muted" />
            )}
            <div className="min-w-0 flex-1 basis-56">
              <p className="font-medium">
                {isOn ? 'On: signing in asks for a code' : 'Off: the password alone lets you in'}
              </p>
              <p className={isOn && left < 3 ? 'text-warn' : 'text-muted'}>
                {isOn
                  ? `${counted(left, 'recovery code')} left.${left < 3 ? ' Switch it off and on again for new ones.' : ''}`
                  : 'With a code of an app on your phone, a password that got out is not enough.'}
              </p>
            </div>
            <Button
              look={isOn ? 'outline' : 'solid'}
              onClick={() => setSheet(isOn ? 'off' : 'begin')}
            >
              {isOn ? 'Switch off' : 'Set up'}
            </Button>
          </div>
        )}
      </div>
      <BeginSheet open={sheet === 'begin'} onClose={close} onBegun={setBegun} />
      <OffSheet open={sheet === 'off'} onClose={close} />
    </Card>
  )
}

type SheetProps = { open: boolean; onClose: () => void }

function BeginSheet({ open, onClose, onBegun }: SheetProps & { onBegun: (begun: Begun) => void }) {
  const [password, setPassword] = useState('')
  const begin = useWrite(
    (body: { password: string }, key) =>
      bodyOf(api.POST('/api/v1/auth/totp', { params: { header: keyed(key) }, body })),
    {
      onDone: (begun) => {
        setPassword('')
        onBegun(begun)
        onClose()
      },
    },
  )
  return (
    <ActionSheet
      title="Set up a second factor"
      open={open}
      onClose={onClose}
      onSubmit={() => begin.mutate({ password })}
      act="Go on"
      disabled={password === ''}
      pending={begin.isPending}
      error={begin.error}
    >
      <p>
        You need an authenticator app on your phone. First your password, so that nobody does this
        at a screen you left open.
      </p>
      <TextField
        label="Your password"
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
      />
    </ActionSheet>
  )
}

type ConfirmProps = { begun: Begun; onDone: (codes: string[]) => void; onStop: () => void }

function Confirm({ begun, onDone, onStop }: ConfirmProps) {
  const [code, setCode] = useState('')
  const confirm = useWrite(
    (body: { code: string }, key) =>
      bodyOf(api.POST('/api/v1/auth/totp/confirm', { params: { header: keyed(key) }, body })),
    {
      touches: [ACCOUNT],
      said: 'The second factor is on.',
      onDone: ({ recovery_codes }) => onDone(recovery_codes),
    },
  )
  function submit(event: FormEvent) {
    event.preventDefault()
    if (code.trim() && !confirm.isPending) confirm.mutate({ code: code.replaceAll(/\s/g, '') })
  }
  return (
    <div className="grid gap-5 sm:grid-cols-[auto_1fr]">
      <Suspense fallback={<div className="skeleton waiting size-48" />}>
        <QrCode text={begun.uri} label="QR code for your authenticator app" />
      </Suspense>
      <div className="min-w-0 space-y-4">
        <ol className="list-decimal space-y-1 pl-5">
          <li>Scan the code with your authenticator app.</li>
          <li>Type the six digits that the app shows.</li>
        </ol>
        <p className="text-[0.8125rem] text-muted">
          No camera? Type this into the app:
          <span className="mt-1 block">
            <Command>{begun.secret}</Command>
          </span>
        </p>
        <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
          <TextField
            label="Code of the app"
            className="w-40"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={7}
            value={code}
            onChange={setCode}
          />
          <Button
            type="submit"
            look="solid"
            className="h-10"
            disabled={!code.trim() || confirm.isPending}
          >
            {confirm.isPending ? 'Checking…' : 'Switch it on'}
          </Button>
          <Button look="plain" className="h-10" onClick={onStop}>
            Not now
          </Button>
        </form>
        {confirm.error && <Notice tone="bad">{asProblem(confirm.error).message}</Notice>}
      </div>
    </div>
  )
}

/** Shown this once. Whoever loses the phone gets in with one of them. */
function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const text = codes.join('\n')
  const canCopy = typeof navigator.clipboard?.writeText === 'function'
  return (
    <div className="space-y-3">
      <Notice tone="warn">
        <p className="font-semibold">Keep these recovery codes. They are not shown again.</p>
        <p className="text-ink">
          Each lets you in once when the phone is lost. A password manager or a sheet of paper in a
          drawer is a good place.
        </p>
      </Notice>
      <ul
        aria-label="Recovery codes"
        className="num grid grid-cols-2 gap-x-6 gap-y-1 rounded-xl bg-sunk px-4 py-3 font-mono sm:grid-cols-3"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        {canCopy && (
          <Button
            onClick={() =>
              void navigator.clipboard.writeText(text).then(() => toast('The codes are copied.'))
            }
          >
            <Copy size={15} aria-hidden /> Copy
          </Button>
        )}
        <Button
          onClick={() =>
            save(new Blob([`${text}\n`], { type: 'text/plain' }), 'tradewind-recovery-codes.txt')
          }
        >
          <Download size={15} aria-hidden /> Download
        </Button>
        <Button look="solid" className="ml-auto" onClick={onKept}>
          I have kept them
        </Button>
      </div>
    </div>
  )
}

function OffSheet({ open, onClose }: SheetProps) {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const off = useWrite(
    (body: { password: string; code: string }, key) =>
      doneOf(api.POST('/api/v1/auth/totp/off', { params: { header: keyed(key) }, body })),
    {
      touches: [ACCOUNT, ['users']],
      said: 'The second factor is off.',
      onDone: () => {
        setPassword('')
        setCode('')
        onClose()
      },
    },
  )
  return (
    <ActionSheet
      title="Switch the second factor off?"
      open={open}
      onClose={onClose}
      onSubmit={() => off.mutate({ password, code: code.trim() })}
      act="Switch it off"
      danger
      disabled={password === '' || code.trim() === ''}
      pending={off.isPending}
      error={off.error}
    >
      <p>From then on the password alone lets you in. The recovery codes end too.</p>
      <TextField
        label="Your password"
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
      />
      <TextField
        label="Code of the app, or a recovery code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        value={code}
        onChange={setCode}
      />
    </ActionSheet>
  )
}
