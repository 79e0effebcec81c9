// The editor of an article: it stands in the place of the area in which HTML is written,
// and writes into it. A text that it would not give back whole it leaves alone.
const box = document.querySelector('[data-rich]')
const area = box?.parentElement.querySelector('textarea')
const hint = area && document.getElementById(`${area.id}-hint`)

// shape counts what would be missed, whatever its attributes.
const precious = 'h2,h3,h4,li,blockquote,tr,td,th,caption,img,figure,data,a,strong,b,em,i,u,s,sub,sup,hr'
function shape(html) {
  const at = document.createElement('template')
  at.innerHTML = html
  const names = { B: 'STRONG', I: 'EM' }
  const found = [...at.content.querySelectorAll(precious)].map((el) => names[el.tagName] ?? el.tagName).sort()
  return found.join() + '|' + at.content.textContent.replace(/\s+/g, '')
}

const html = (editor) => (editor.isEmpty ? '' : editor.getHTML())

function extensions(lib) {
  const Figure = lib.Mark.create({
    name: 'figure',
    inclusive: false,
    addAttributes: () => ({ value: { default: null } }),
    parseHTML: () => [{ tag: 'data[value]' }],
    renderHTML: ({ HTMLAttributes }) => ['data', HTMLAttributes, 0],
  })
  const Photo = lib.Node.create({
    name: 'photo',
    group: 'block',
    atom: true,
    draggable: true,
    addAttributes: () => ({ photo: { default: null, parseHTML: (el) => el.dataset.photo, renderHTML: ({ photo }) => ({ 'data-photo': photo }) } }),
    parseHTML: () => [{ tag: 'figure[data-photo]' }],
    renderHTML: ({ HTMLAttributes }) => ['figure', HTMLAttributes],
    addNodeView: () => ({ node }) => ({ dom: photoShown(node.attrs.photo) }),
  })
  const small = (name) => lib.Mark.create({ name, parseHTML: () => [{ tag: name }], renderHTML: () => [name, 0] })
  const Header = lib.TableHeader.extend({
    addAttributes() { return { ...this.parent(), colwidth: { default: null, rendered: false }, scope: { default: null } } },
  })
  const Cell = lib.TableCell.extend({
    addAttributes() { return { ...this.parent(), colwidth: { default: null, rendered: false } } },
  })
  const Table = lib.Table.extend({ renderHTML: () => ['table', ['tbody', 0]], addNodeView: null })
  const Link = lib.Link.extend({ inclusive: false }).configure({
    openOnClick: false, autolink: false, defaultProtocol: 'https', HTMLAttributes: { target: null, rel: null, class: null },
  })
  return [
    lib.Document, lib.Paragraph, lib.Text, lib.Heading.configure({ levels: [2, 3, 4] }), lib.Bold, lib.Italic, lib.Underline, lib.Strike,
    small('sub'), small('sup'), lib.Blockquote, lib.HardBreak, lib.HorizontalRule, lib.BulletList, lib.OrderedList, lib.ListItem,
    lib.ListKeymap, lib.UndoRedo, Table.configure({ resizable: false }), lib.TableRow, Header, Cell, Link, Figure, Photo,
  ]
}

// photoShown is a photo as the writer sees it in the text; one that is not there any more
// keeps its place and says nothing.
function photoShown(id) {
  const dom = document.createElement('figure')
  dom.className = 'photo'
  const choice = [...box.querySelectorAll('[data-panel=photo] option')].find((o) => o.value === id)
  if (!choice) return dom
  const img = dom.appendChild(document.createElement('img'))
  img.src = choice.dataset.src
  img.alt = ''
  dom.appendChild(document.createElement('figcaption')).textContent = choice.textContent
  return dom
}

// acts are the buttons: what each does, and where the text has it already.
function acts(editor, panels) {
  const does = (run) => () => run(editor.chain().focus()).run()
  return {
    h2: { act: does((c) => c.toggleHeading({ level: 2 })), on: () => editor.isActive('heading', { level: 2 }) },
    h3: { act: does((c) => c.toggleHeading({ level: 3 })), on: () => editor.isActive('heading', { level: 3 }) },
    bold: { act: does((c) => c.toggleBold()), on: () => editor.isActive('bold') },
    italic: { act: does((c) => c.toggleItalic()), on: () => editor.isActive('italic') },
    bullets: { act: does((c) => c.toggleBulletList()), on: () => editor.isActive('bulletList') },
    numbers: { act: does((c) => c.toggleOrderedList()), on: () => editor.isActive('orderedList') },
    quote: { act: does((c) => c.toggleBlockquote()), on: () => editor.isActive('blockquote') },
    link: { act: () => panels.link.open(editor.getAttributes('link').href ?? ''), on: () => editor.isActive('link') },
    figure: { act: () => panels.figure.open(editor.getAttributes('figure').value), on: () => editor.isActive('figure') },
    photo: { act: () => panels.photo.open(editor.getAttributes('photo').photo), on: () => editor.isActive('photo') },
    undo: { act: does((c) => c.undo()), can: () => editor.can().undo() },
    redo: { act: does((c) => c.redo()), can: () => editor.can().redo() },
    source: { act: () => turn(editor), on: () => !area.hidden },
  }
}

// panel is a row of fields under the toolbar: it sets a mark on what is chosen in the text.
function panel(editor, name, set, remove) {
  const at = box.querySelector(`[data-panel=${name}]`)
  if (!at) return null
  const value = at.querySelector('[data-value]')
  const shut = () => { at.hidden = true; editor.commands.focus() }
  const apply = () => { set(value); shut() }
  at.querySelector('[data-set]').onclick = apply
  at.querySelector('[data-remove]').onclick = () => { remove(); shut() }
  at.querySelector('[data-close]').onclick = shut
  at.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') shut()
    if (event.key !== 'Enter' || event.target !== value) return
    event.preventDefault() // it would send the form of the article
    apply()
  })
  return {
    open(now) {
      at.hidden = false
      if (now && [...value.options ?? [now]].some((o) => (o.value ?? o) === now)) value.value = now
      value.focus()
    },
  }
}

function linkPanel(editor) {
  const set = (value) => {
    const href = value.value.trim()
    if (href && editor.state.selection.empty && !editor.isActive('link')) {
      editor.chain().focus().insertContent({ type: 'text', text: href, marks: [{ type: 'link', attrs: { href } }] }).run()
    } else if (href) {
      editor.chain().focus().extendMarkRange('link').setLink({ href }).run()
    }
    value.value = ''
  }
  return panel(editor, 'link', set, () => editor.chain().focus().extendMarkRange('link').unsetLink().run())
}

// figurePanel puts in the number as the register counts it, with the place where it does.
function figurePanel(editor) {
  const set = (value) => {
    const text = value.selectedOptions[0].dataset.count
    const mark = { type: 'figure', attrs: { value: value.value } }
    editor.chain().focus().extendMarkRange('figure').insertContent({ type: 'text', text, marks: [mark] }).run()
  }
  return panel(editor, 'figure', set, () => editor.chain().focus().extendMarkRange('figure').unsetMark('figure').run())
}

// photoPanel puts a photo of the article into the text, or takes the chosen one out.
function photoPanel(editor) {
  const set = (value) => editor.chain().focus().insertContent({ type: 'photo', attrs: { photo: value.value } }).run()
  return panel(editor, 'photo', set, () => { if (editor.isActive('photo')) editor.chain().focus().deleteSelection().run() })
}

// turn changes between the text and its HTML.
function turn(editor) {
  const text = editor.view.dom.parentElement
  if (area.hidden) {
    area.value = html(editor)
  } else {
    editor.commands.setContent(area.value)
  }
  area.hidden = !area.hidden
  if (hint) hint.hidden = area.hidden // it tells how HTML is written
  text.hidden = !text.hidden
  show(editor)
  if (area.hidden) editor.commands.focus()
  else area.focus()
}

let buttons = {}
function show(editor) {
  for (const button of box.querySelectorAll('[data-do]')) {
    const { on, can } = buttons[button.dataset.do]
    if (on) button.ariaPressed = String(on())
    const off = button.dataset.do !== 'source' && (!area.hidden || (can && !can()))
    button.ariaDisabled = String(Boolean(off))
  }
}

// walk makes the toolbar one stop of the Tab key; arrows go from button to button.
function walk(editor) {
  const tools = box.querySelector('[role=toolbar]')
  const all = [...tools.querySelectorAll('button')]
  const stand = (button) => all.forEach((b) => { b.tabIndex = b === button ? 0 : -1 })
  stand(all[0])
  tools.addEventListener('focusin', (event) => stand(event.target))
  tools.addEventListener('click', (event) => {
    const button = event.target.closest('[data-do]')
    if (button && button.ariaDisabled !== 'true') buttons[button.dataset.do].act()
  })
  tools.addEventListener('keydown', (event) => {
    const at = all.indexOf(document.activeElement)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (event.key === 'Escape') editor.commands.focus()
    if (to === undefined) return
    event.preventDefault()
    all[(to + all.length) % all.length].focus()
  })
  editor.view.dom.addEventListener('keydown', (event) => {
    if (event.altKey && event.key === 'F10') all.find((b) => b.tabIndex === 0).focus()
    if (!(event.ctrlKey || event.metaKey) || event.key !== 'k') return
    event.preventDefault()
    buttons.link.act()
  })
}

// named gives the editor the name, the hint and the address of the area.
function named() {
  const id = area.id
  const attributes = {
    id, class: 'field prose rich-text', lang: 'vi', role: 'textbox', 'aria-multiline': 'true', 'aria-labelledby': `${id}-label`,
  }
  for (const name of ['aria-describedby', 'aria-invalid', 'aria-required']) {
    if (area.hasAttribute(name)) attributes[name] = area.getAttribute(name)
  }
  area.removeAttribute('id')
  area.setAttribute('aria-labelledby', `${id}-label`)
  return attributes
}

async function start() {
  const lib = await import(box.dataset.library)
  const all = extensions(lib)
  const lost = area.value.trim() !== '' && shape(lib.generateHTML(lib.generateJSON(area.value, all), all)) !== shape(area.value)
  if (lost) {
    box.parentElement.querySelector('[data-rich-refused]').hidden = false
    return
  }
  const label = document.getElementById(`${area.id}-label`)
  const editor = new lib.Editor({
    element: box.querySelector('[data-rich-text]'), extensions: all, content: area.value, injectCSS: false, editorProps: { attributes: named() },
  })
  buttons = acts(editor, { link: linkPanel(editor), figure: figurePanel(editor), photo: photoPanel(editor) })
  editor.on('update', () => {
    area.value = html(editor)
    area.dispatchEvent(new Event('input', { bubbles: true }))
  })
  editor.on('transaction', () => show(editor))
  label.addEventListener('click', () => { if (area.hidden) editor.commands.focus() })
  area.hidden = true
  if (hint) hint.hidden = true
  box.hidden = false
  walk(editor)
  show(editor)
}

if (box) start()
