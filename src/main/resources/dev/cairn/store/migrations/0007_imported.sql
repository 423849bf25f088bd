-- What was imported from other memories, by what they call it. The time tells apart what two of one name call alike. One of the
-- three ids, or none when it was forgotten since: an import does not bring it back.
CREATE TABLE imported (
    memory TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    session_id INTEGER REFERENCES session (id) ON DELETE SET NULL,
    memory_id INTEGER REFERENCES memory (id) ON DELETE SET NULL,
    tool_use_id INTEGER REFERENCES tool_use (id) ON DELETE SET NULL,
    PRIMARY KEY (memory, kind, id, created_at)
) WITHOUT ROWID;
CREATE INDEX imported_by_session ON imported (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX imported_by_memory ON imported (memory_id) WHERE memory_id IS NOT NULL;
CREATE INDEX imported_by_tool_use ON imported (tool_use_id) WHERE tool_use_id IS NOT NULL;
