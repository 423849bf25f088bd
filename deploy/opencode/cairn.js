// Tells the Cairn worker on this machine what OpenCode does, and puts what it knows into the system prompt. It never throws,
// waits for nothing longer than TIMEOUT_MS, and leaves a worker that did not answer alone for PAUSE_MS.

const TIMEOUT_MS = 2000
const PAUSE_MS = 30000
const MAX_SESSIONS = 500
const MAX_TEXT = 200000

export const CairnPlugin = async ({ directory }) => {
  const url = process.env.CAIRN_URL || "http://127.0.0.1:37777"
  const token = process.env.CAIRN_TOKEN
  const sessions = new Map()
  let quietUntil = 0

  // What is known of a session: who started it, what it was told at its start and for its prompt, what was said last.
  const of = (id) => {
    let session = sessions.get(id)
    if (!session) {
      session = { parent: undefined, start: undefined, prompt: "", said: "" }
      sessions.set(id, session)
      if (sessions.size > MAX_SESSIONS) sessions.delete(sessions.keys().next().value)
    }
    return session
  }

  const root = (id) => {
    let at = id
    for (let i = 0; i < 8; i++) {
      const parent = sessions.get(at)?.parent
      if (!parent) break
      at = parent
    }
    return at
  }

  const post = async (name, id, more) => {
    if (Date.now() < quietUntil) return ""
    try {
      const session = root(id)
      const body = { hook_event_name: name, session_id: session, cwd: directory, ...more }
      if (session !== id) body.agent_id = id
      const headers = { "Content-Type": "application/json" }
      if (token) headers.Authorization = `Bearer ${token}`
      const answer = await fetch(`${url}/hooks/${name}?platform=opencode`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      if (!answer.ok) return ""
      const { context } = await answer.json()
      return typeof context === "string" ? context : ""
    } catch {
      quietUntil = Date.now() + PAUSE_MS
      return ""
    }
  }

  const cut = (text) => (typeof text === "string" ? text.slice(0, MAX_TEXT) : "")

  const begin = (id, event) => {
    const session = of(id)
    session.start ??= post("session.created", id, event ? { event } : {})
    return session
  }

  return {
    event: async ({ event }) => {
      const info = event.properties?.info
      const id = event.properties?.sessionID ?? info?.id
      if (!id) return
      if (event.type === "session.created") {
        of(id).parent = info.parentID
        await begin(id, event).start
      } else if (event.type === "session.idle") {
        const session = of(id)
        const text = session.said
        session.said = ""
        await post("session.idle", id, text ? { text, event } : { event })
      } else if (event.type === "session.compacted") {
        await post("session.compacted", id, { event })
      } else if (event.type === "session.deleted") {
        await post("session.deleted", id, { event })
        sessions.delete(id)
      }
    },
    "chat.message": async (input, output) => {
      const session = begin(input.sessionID)
      const text = (output.parts ?? [])
        .filter((part) => part.type === "text" && !part.synthetic && !part.ignored)
        .map((part) => part.text)
        .join("\n")
      if (!text) return
      await session.start
      session.prompt = await post("chat.message", input.sessionID, { text: cut(text), input })
    },
    "tool.execute.after": async (input, output) => {
      const exit = output?.metadata?.exit
      await post("tool.execute.after", input.sessionID, {
        input,
        output: {
          title: cut(output?.title),
          output: cut(output?.output),
          metadata: exit === undefined ? {} : { exit },
        },
      })
    },
    "experimental.text.complete": async (input, output) => {
      of(input.sessionID).said = cut(output.text)
    },
    "experimental.chat.system.transform": async (input, output) => {
      const session = input.sessionID ? sessions.get(input.sessionID) : undefined
      if (!session) return
      for (const text of [await session.start, session.prompt]) {
        if (text) output.system.push(text)
      }
    },
  }
}
