import { type ReactNode, useState } from 'react'
import { api, bodyOf, type Consent, type Customer } from '@/client/api'
import { fieldProblem } from '@/client/problem'
import { useZone } from '@/client/store'
import { keyed, useWrite } from '@/client/write'
import { dayOf, moment, wordOf } from '@/lib/format'
import { ActionButton, type Permission } from '@/ui/ActionButton'
import { ActionSheet } from '@/ui/ActionSheet'
import { Badge } from '@/ui/Badge'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { TextField } from '@/ui/Field'
import { MoreRows } from '@/ui/MoreRows'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Segments } from '@/ui/Segments'
import { CUSTOMERS, useConsentsOf } from './queries'

/** What somebody agreed to. Lines are added and never changed; the newest per purpose counts. */
export function ConsentsCard({ customer, may }: { customer: Customer; may: Permission }) {
  const [noting, setNoting] = useState<{ purpose: string; isGranted: boolean } | null>(null)
  const [all, setAll] = useState(false)
  const { consents } = customer
  return (
    <Card
      title="Consent"
      actions={
        <ActionButton
          may={may}
          look="plain"
          className="-mr-3"
          onClick={() => setNoting({ purpose: '', isGranted: true })}
        >
          Note one
        </ActionButton>
      }
    >
      {consents.length === 0 ? (
        <p className="px-4 pt-1 pb-4 text-muted sm:px-5">
          Agreed to nothing so far: no newsletter, no offers.
        </p>
      ) : (
        <>
          <ul className="divide-y divide-line px-4 sm:px-5">
            {consents.map((line) => (
              <Line key={line.purpose} line={line}>
                <ActionButton
                  may={may}
                  look="plain"
                  className="-mr-3"
                  onClick={() => setNoting({ purpose: line.purpose, isGranted: !line.is_granted })}
                >
                  {line.is_granted ? 'Withdraw' : 'Agree'}
                  <span className="sr-only">: {wordOf(line.purpose)}</span>
                </ActionButton>
              </Line>
            ))}
          </ul>
          {all ? (
            <History customerId={customer.customer_id} />
          ) : (
            <div className="border-t border-line px-4 py-2 sm:px-5">
              <Button look="plain" className="-ml-3" onClick={() => setAll(true)}>
                All that was ever said
              </Button>
            </div>
          )}
        </>
      )}
      {noting && <NoteSheet customer={customer} {...noting} onClose={() => setNoting(null)} />}
    </Card>
  )
}

function Line({ line, children }: { line: Consent; children?: ReactNode }) {
  const zone = useZone()
  return (
    <li className="flex items-center gap-3 py-2">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 font-medium">
          {wordOf(line.purpose)}
          <Badge tone={line.is_granted ? 'good' : 'bad'}>
            {line.is_granted ? 'Agreed' : 'Withdrawn'}
          </Badge>
        </p>
        <p className="text-xs break-words text-muted" title={moment(line.at, zone)}>
          {dayOf(line.at, zone)} · {line.source}
        </p>
      </div>
      {children}
    </li>
  )
}

function History({ customerId }: { customerId: string }) {
  const lines = useConsentsOf(customerId, true)
  const { rows } = lines
  return (
    <div className="border-t border-line">
      <h3 className="px-4 pt-3 text-[0.8125rem] text-muted sm:px-5">
        All that was ever said, the newest first
      </h3>
      {lines.error && !rows && <FailedQuery query={lines} className="" />}
      {!lines.error && !rows && <RowsSkeleton rows={2} height={48} />}
      {rows && (
        <>
          <ul className="divide-y divide-line px-4 sm:px-5">
            {rows.map((line) => (
              <Line key={`${line.purpose}${line.at}`} line={line} />
            ))}
          </ul>
          <MoreRows query={lines} shown={`${rows.length} lines`} />
        </>
      )}
    </div>
  )
}

type NoteSheetProps = {
  customer: Customer
  purpose: string
  isGranted: boolean
  onClose: () => void
}

function NoteSheet({ customer, onClose, ...begun }: NoteSheetProps) {
  const [purpose, setPurpose] = useState(begun.purpose)
  const [isGranted, setGranted] = useState(begun.isGranted)
  const [source, setSource] = useState('')
  const [tried, setTried] = useState(false)
  const code = purpose.trim().toLowerCase().replaceAll(/\s+/g, '_')
  const wrong = {
    purpose: /^[a-z0-9][a-z0-9_]{0,63}$/.test(code)
      ? null
      : 'A short name of letters and digits, such as newsletter or sms_offers.',
    source: source.trim() === '' ? 'Say how we know: a form, a call, a letter.' : null,
  }
  const note = useWrite(
    ({ version, ...body }: NotedConsent & { version: number }, key) =>
      bodyOf(
        api.POST('/api/v1/customers/{customer_id}/consents', {
          params: { path: { customer_id: customer.customer_id }, header: keyed(key, version) },
          body,
        }),
      ),
    {
      touches: [CUSTOMERS],
      said: (line) =>
        `${wordOf(line.purpose)}: ${line.is_granted ? 'agreed' : 'withdrawn'}, it is noted.`,
      onDone: onClose,
    },
  )
  function submit() {
    setTried(true)
    if (wrong.purpose || wrong.source) return
    note.mutate({
      purpose: code,
      is_granted: isGranted,
      source: source.trim(),
      version: customer.version,
    })
  }
  return (
    <ActionSheet
      title={begun.purpose ? `Consent: ${wordOf(begun.purpose)}` : 'Note a consent'}
      open
      onClose={onClose}
      onSubmit={submit}
      act="Note it"
      pending={note.isPending}
      error={note.error}
    >
      <TextField
        label="What it is for"
        maxLength={64}
        spellCheck={false}
        placeholder="newsletter"
        value={purpose}
        onChange={setPurpose}
        error={(tried ? wrong.purpose : null) ?? fieldProblem(note.error, 'purpose')}
      />
      <Segments
        label="What they said"
        options={[
          { value: 'yes', label: 'They agree' },
          { value: 'no', label: 'They do not, or no longer' },
        ]}
        value={isGranted ? 'yes' : 'no'}
        onChange={(value) => setGranted(value === 'yes')}
        className="w-full"
      />
      <TextField
        label="How we know"
        maxLength={200}
        placeholder="Call on Monday"
        value={source}
        onChange={setSource}
        hint="Proof, should anybody ask. The line is never changed or deleted."
        error={(tried ? wrong.source : null) ?? fieldProblem(note.error, 'source')}
      />
    </ActionSheet>
  )
}

type NotedConsent = { purpose: string; is_granted: boolean; source: string }
