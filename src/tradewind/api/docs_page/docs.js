// Draws /openapi.json as a page and lets its operations be tried. No library, no other host.

const main = document.getElementById('operations')

function node(name, attributes = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

function resolve(api, schema) {
  const path = schema?.$ref
  return path ? path.slice(2).split('/').reduce((at, part) => at[part], api) : (schema ?? {})
}

/** A schema in one line of words: what a reader needs to write or read the value. */
function typeOf(api, schema) {
  if (!schema) return ''
  if (schema.$ref) return schema.$ref.split('/').pop()
  if (schema.anyOf) return schema.anyOf.map((part) => typeOf(api, part)).join(' or ')
  if (schema.enum) return schema.enum.join(' | ')
  if (schema.const !== undefined) return String(schema.const)
  if (schema.type === 'array') return `list of ${typeOf(api, schema.items)}`
  if (schema.additionalProperties) return `object of ${typeOf(api, schema.additionalProperties)}`
  return schema.format ? `${schema.type} (${schema.format})` : (schema.type ?? 'any')
}

function rows(cells) {
  const table = node('table')
  for (const [name, type, about] of cells) {
    table.append(node('tr', {}, node('td', {}, node('code', {}, name)), node('td', { class: 'dim' }, type), node('td', {}, about)))
  }
  return table
}

function shape(api, schema) {
  const found = resolve(api, schema)
  const cells = Object.entries(found.properties ?? {}).map(([name, field]) => [
    name,
    typeOf(api, field),
    field.description ?? '',
  ])
  return cells.length ? rows(cells) : node('p', { class: 'dim' }, typeOf(api, schema))
}

function example(api, schema) {
  const fields = resolve(api, schema).properties ?? {}
  return JSON.stringify(Object.fromEntries(Object.keys(fields).map((name) => [name, ''])), null, 2)
}

function tryOut(api, verb, path, operation) {
  const form = node('form', { class: 'try' })
  const inputs = []
  for (const parameter of operation.parameters ?? []) {
    const id = `${operation.operationId}-${parameter.name}`
    const input = node('input', { id, name: parameter.name, autocomplete: 'off' })
    inputs.push({ parameter, input })
    const about = [typeOf(api, parameter.schema), parameter.description].filter(Boolean).join('. ')
    form.append(node('label', { for: id }, node('code', {}, parameter.name), ' ', node('span', { class: 'hint' }, about)), input)
  }
  const bodySchema = operation.requestBody?.content['application/json']?.schema
  let body = null
  if (bodySchema) {
    const id = `${operation.operationId}-body`
    body = node('textarea', { id, rows: '5', spellcheck: 'false' })
    body.value = example(api, bodySchema)
    form.append(node('label', { for: id }, 'Body'), body)
  }
  const output = node('pre', { hidden: '', tabindex: '0' })
  form.append(node('button', { type: 'submit' }, 'Try it'), output)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    let address = path
    const query = new URLSearchParams()
    for (const { parameter, input } of inputs) {
      if (parameter.in === 'path') address = address.replace(`{${parameter.name}}`, encodeURIComponent(input.value))
      else if (input.value) {
        const values = parameter.schema?.type === 'array' ? input.value.split(',') : [input.value]
        for (const value of values) query.append(parameter.name, value.trim())
      }
    }
    const token = document.getElementById('token').value.trim()
    const headers = token ? { Authorization: `Bearer ${token}` } : {}
    if (body) headers['Content-Type'] = 'application/json'
    const search = query.size ? `?${query}` : ''
    output.hidden = false
    try {
      const response = await fetch(address + search, { method: verb.toUpperCase(), headers, body: body?.value })
      // The text as it came: parsing it would turn exact amounts into floats.
      output.textContent = `${response.status} ${response.statusText}\n\n${await response.text()}`
    } catch (error) {
      output.textContent = `No answer: ${error.message}`
    }
  })
  return form
}

function draw(api, verb, path, operation) {
  const inside = node('div', { class: 'inside' }, node('p', {}, operation.description ?? operation.summary ?? ''))
  inside.append(node('h3', {}, 'Try it'), tryOut(api, verb, path, operation))
  for (const [status, response] of Object.entries(operation.responses)) {
    inside.append(node('h3', {}, status, ' ', node('span', { class: 'dim' }, response.description)))
    const schema = response.content?.['application/json']?.schema
    if (schema) inside.append(shape(api, schema))
  }
  const summary = node('summary', {}, node('span', { class: 'verb' }, verb.toUpperCase()), ' ', node('code', {}, path))
  const first = (operation.description ?? '').split('. ')[0]
  summary.append(' ', node('span', { class: 'dim' }, first))
  return node('details', { id: operation.operationId }, summary, inside)
}

function drawShapes(api) {
  const section = node('section', {}, node('h2', {}, 'Shapes'))
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    const inside = node('div', { class: 'inside' }, node('p', {}, schema.description ?? ''), shape(api, schema))
    section.append(node('details', { id: `shape-${name}` }, node('summary', {}, node('code', {}, name)), inside))
  }
  return section
}

async function load() {
  const response = await fetch('/openapi.json')
  const api = await response.json()
  document.title = `${api.info.title} API ${api.info.version}`
  document.getElementById('about').textContent = api.info.description
  main.replaceChildren()
  for (const tag of api.tags) {
    const section = node('section', {}, node('h2', {}, tag.name), node('p', { class: 'dim' }, tag.description))
    for (const [path, operations] of Object.entries(api.paths)) {
      for (const [verb, operation] of Object.entries(operations)) {
        if (operation.tags?.includes(tag.name)) section.append(draw(api, verb, path, operation))
      }
    }
    main.append(section)
  }
  main.append(drawShapes(api))
}

document.getElementById('token-form').addEventListener('submit', (event) => event.preventDefault())
load().catch((error) => {
  main.textContent = `The description could not be loaded: ${error.message}`
})
