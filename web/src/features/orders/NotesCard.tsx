import { useState } from 'react'
import { api, bodyOf } from '@/client/api'
import { asProblem } from '@/client/problem'
import { useZone } from '@/client/store'
import { keyed, useWrite } from '@/client/write'
import { useMay } from '@/features/session/me'
import { moment } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { AreaField, CheckField } from '@/ui/Field'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { useNotes } from './queries'

export function NotesCard({ orderId }: { orderId: string }) {
  const notes = useNotes(orderId)
  const zone = useZone()
  return (
    <Card title="Notes">
      <div className="space-y-4 px-4 pt-1 pb-4 sm:px-5">
        {notes.isPending && <RowsSkeleton rows={1} height={40} />}
        {notes.error && <FailedQuery query={notes} className="" />}
        {notes.data && notes.data.length > 0 && (
          <ul className="space-y-3">
            {notes.data.map((note) => (
              <li key={note.note_id} className="rounded-xl bg-sunk px-3.5 py-2.5">
                <p className="break-words whitespace-pre-wrap">{note.text}</p>
                <p className="mt-1 flex flex-wrap items-center gap-x-2 text-xs text-muted">
                  {note.author} · {moment(note.at, zone)}
                  {note.is_for_customer && <Badge tone="warn">for the customer</Badge>}
                </p>
              </li>
            ))}
          </ul>
        )}
        <NewNote orderId={orderId} />
      </div>
    </Card>
  )
}

function NewNote({ orderId }: { orderId: string }) {
  const [text, setText] = useState('')
  const [told, setTold] = useState(false)
  const may = useMay('orders:write')
  const write = useWrite(
    (body: { text: string; is_for_customer: boolean }, key) =>
      bodyOf(
        api.POST('/api/v1/orders/{order_id}/notes', {
          params: { path: { order_id: orderId }, header: keyed(key) },
          body,
        }),
      ),
    {
      touches: [['orders', orderId, 'notes']],
      onDone: () => {
        setText('')
        setTold(false)
      },
    },
  )
  const send = () => {
    if (text.trim() && !write.isPending) write.mutate({ text: text.trim(), is_for_customer: told })
  }
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <AreaField
        label="New note"
        rows={2}
        maxLength={4000}
        value={text}
        onChange={setText}
        onSend={send}
        disabled={!may.allowed}
        hint="Notes are never changed or deleted."
        error={write.error ? asProblem(write.error).message : null}
      />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <CheckField
          label="For the customer"
          checked={told}
          onChange={setTold}
          disabled={!may.allowed}
        />
        <ActionButton
          may={may}
          type="submit"
          disabled={may.allowed && (!text.trim() || write.isPending)}
        >
          {write.isPending ? 'Adding…' : 'Add note'}
        </ActionButton>
      </div>
    </form>
  )
}
