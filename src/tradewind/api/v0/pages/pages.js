// Tries an endpoint from its own page. The token stays in this page's address and form; nothing is kept.
const form = document.querySelector('#try')
const token = new URLSearchParams(location.search).get('token') ?? ''

for (const link of document.querySelectorAll('a[data-keeps-token]')) {
  if (token) link.href += `?token=${encodeURIComponent(token)}`
}

if (form) {
  const outcome = document.querySelector('#outcome')
  const result = document.querySelector('#result')
  form.elements.token.value = token

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const sent = new URLSearchParams()
    let format = 'json'
    let bearer = ''
    for (const [name, value] of new FormData(form)) {
      if (name === 'token') bearer = value
      else if (name === 'format') format = value
      else if (value !== '') sent.append(name.slice('p_'.length), value)
    }
    const address = `/v0/pipes/${encodeURIComponent(form.dataset.pipe)}.${format}?${sent}`
    outcome.className = ''
    outcome.textContent = 'Asking…'
    result.textContent = ''
    const began = performance.now()
    try {
      const answer = await fetch(address, { headers: { Authorization: `Bearer ${bearer}` } })
      const milliseconds = Math.round(performance.now() - began)
      outcome.className = answer.ok ? 'good' : 'bad'
      outcome.textContent = `${answer.status} in ${milliseconds} ms · GET ${address}`
      const isText = !(answer.headers.get('content-type') ?? '').includes('parquet')
      const text = isText ? await answer.text() : `${(await answer.blob()).size} bytes of Parquet`
      result.textContent = text.length > 200_000 ? `${text.slice(0, 200_000)}\n…` : text
    } catch (failure) {
      outcome.className = 'bad'
      outcome.textContent = `The server cannot be reached: ${failure.message}`
    }
  })
}
