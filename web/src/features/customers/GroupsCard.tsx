import { X } from 'lucide-react'
import { useState } from 'react'
import { api, bodyOf, type Customer, doneOf } from '@/client/api'
import { asProblem, fieldProblem } from '@/client/problem'
import { keyed, useWrite } from '@/client/write'
import { ActionButton, type Permission } from '@/ui/ActionButton'
import { ActionSheet } from '@/ui/ActionSheet'
import { Card } from '@/ui/Card'
import { SelectField, TextField } from '@/ui/Field'
import { Notice } from '@/ui/Notice'
import { CUSTOMERS, useGroups } from './queries'

/** Which groups somebody is in. Promotions may be for some of them only. */
export function GroupsCard({ customer, may }: { customer: Customer; may: Permission }) {
  const groups = useGroups()
  const [making, setMaking] = useState(false)
  const nameOf = (code: string) => groups.data?.find((one) => one.code === code)?.name ?? code
  const others = (groups.data ?? []).filter(({ code }) => !customer.groups.includes(code))
  const move = useWrite(
    ({ code, joins }: { code: string; joins: boolean }, key) => {
      const params = {
        path: { code, customer_id: customer.customer_id },
        header: keyed(key),
      }
      const path = '/api/v1/customer-groups/{code}/members/{customer_id}'
      return doneOf(joins ? api.PUT(path, { params }) : api.DELETE(path, { params }))
    },
    {
      touches: [CUSTOMERS],
      said: (_, { code, joins }) => `${joins ? 'Put into' : 'Taken out of'} ${nameOf(code)}.`,
    },
  )
  return (
    <Card
      title="Groups"
      actions={
        <ActionButton may={may} look="plain" className="-mr-3" onClick={() => setMaking(true)}>
          New group
        </ActionButton>
      }
    >
      <div className="space-y-3 px-4 pt-1 pb-4 sm:px-5">
        {customer.groups.length === 0 ? (
          <p className="text-muted">In no group.</p>
        ) : (
          <ul className="flex flex-wrap gap-1.5">
            {customer.groups.map((code) => (
              <li
                key={code}
                className="inline-flex h-7 items-center gap-1 rounded-full bg-accent-soft pr-1 pl-3 text-[0.8125rem] font-medium text-accent pointer-coarse:h-9"
              >
                {nameOf(code)}
                <button
                  type="button"
                  aria-label={`Take out of ${nameOf(code)}`}
                  disabled={!may.allowed || move.isPending}
                  onClick={() => move.mutate({ code, joins: false })}
                  className="grid size-6 place-items-center rounded-full enabled:hover:brightness-90 disabled:opacity-50 pointer-coarse:size-9"
                >
                  <X size={14} aria-hidden />
                </button>
              </li>
            ))}
          </ul>
        )}
        {may.allowed && others.length > 0 && (
          <SelectField
            label="Put into a group"
            hideLabel
            value=""
            disabled={move.isPending}
            options={[
              { value: '', label: 'Put into a group…' },
              ...others.map(({ code, name }) => ({ value: code, label: name })),
            ]}
            onChange={(code) => code && move.mutate({ code, joins: true })}
          />
        )}
        {move.error && <Notice tone="bad">{asProblem(move.error).message}</Notice>}
      </div>
      {making && (
        <NewGroupSheet
          onClose={() => setMaking(false)}
          onMade={(code) => move.mutate({ code, joins: true })}
        />
      )}
    </Card>
  )
}

type NewGroupSheetProps = { onClose: () => void; onMade: (code: string) => void }

function NewGroupSheet({ onClose, onMade }: NewGroupSheetProps) {
  const [name, setName] = useState('')
  const [typed, setTyped] = useState<string | null>(null)
  const [tried, setTried] = useState(false)
  // Made from the name until somebody types another one.
  const code = typed ?? codeFrom(name)
  const wrong = {
    name: name.trim() === '' ? 'A group needs a name.' : null,
    code: /^[a-z0-9][a-z0-9_-]{0,63}$/.test(code)
      ? null
      : 'Small letters, digits, - and _, such as wholesale.',
  }
  const make = useWrite(
    (body: { code: string; name: string }, key) =>
      bodyOf(api.POST('/api/v1/customer-groups', { params: { header: keyed(key) }, body })),
    {
      touches: [CUSTOMERS],
      onDone: (made) => {
        onClose()
        onMade(made.code)
      },
    },
  )
  return (
    <ActionSheet
      title="New group"
      open
      onClose={onClose}
      onSubmit={() => {
        setTried(true)
        if (!wrong.name && !wrong.code) make.mutate({ code, name: name.trim() })
      }}
      act="Make it, with this customer in it"
      pending={make.isPending}
      error={make.error}
    >
      <TextField
        label="Name"
        maxLength={200}
        value={name}
        onChange={setName}
        error={(tried ? wrong.name : null) ?? fieldProblem(make.error, 'name')}
      />
      <TextField
        label="Code"
        maxLength={64}
        spellCheck={false}
        value={code}
        onChange={setTyped}
        hint="What promotions call it. It stays when the name changes."
        error={(tried ? wrong.code : null) ?? fieldProblem(make.error, 'code')}
      />
    </ActionSheet>
  )
}

function codeFrom(name: string): string {
  const plain = name.normalize('NFKD').toLowerCase()
  return plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 64)
}
