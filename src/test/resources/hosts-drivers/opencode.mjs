// Calls the plugin as OpenCode does, for one session with a child, and prints what it put into the system prompt.
import { CairnPlugin } from "./cairn.mjs"

const begin = Date.now()
const hooks = await CairnPlugin({ directory: "/home/dev/shop" })
const id = process.argv[2]
const info = (session, parentID) => ({ id: session, projectID: "p", directory: "/home/dev/shop", title: "t", version: "1", time: { created: 1, updated: 1 }, parentID })
const tool = (session, name, callID, args, output, metadata) =>
  hooks["tool.execute.after"]({ tool: name, sessionID: session, callID, args }, { title: "", output, metadata })

await hooks.event({ event: { type: "session.created", properties: { info: info(id) } } })
await hooks["chat.message"](
  { sessionID: id, agent: "build", messageID: "msg_1" },
  { message: {}, parts: [{ type: "text", text: "Add a license file" }, { type: "text", text: "hidden", synthetic: true }] },
)
const output = { system: ["You are a coding agent."] }
await hooks["experimental.chat.system.transform"]({ sessionID: id }, output)
await tool(id, "write", "c1", { filePath: "/home/dev/shop/LICENSE", content: "Apache License\n" }, "", {})
await hooks.event({ event: { type: "session.created", properties: { info: info(id + "-child", id) } } })
await hooks["chat.message"]({ sessionID: id + "-child" }, { message: {}, parts: [{ type: "text", text: "Look at it" }] })
await tool(id + "-child", "bash", "c2", { command: "cat LICENSE" }, "Apache License\n", { exit: 0 })
await hooks["experimental.text.complete"]({ sessionID: id + "-child", messageID: "m", partID: "p" }, { text: "It is fine." })
await hooks.event({ event: { type: "session.idle", properties: { sessionID: id + "-child" } } })
await hooks["experimental.text.complete"]({ sessionID: id, messageID: "m", partID: "p" }, { text: "Added the Apache license." })
await hooks.event({ event: { type: "session.idle", properties: { sessionID: id } } })
await hooks.event({ event: { type: "session.compacted", properties: { sessionID: id } } })
await hooks.event({ event: { type: "file.edited", properties: { file: "LICENSE" } } })
await hooks.event({ event: { type: "session.deleted", properties: { info: info(id) } } })
console.log(JSON.stringify({ system: output.system, tookMs: Date.now() - begin }))
