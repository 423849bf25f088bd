-- "CARN": says that the file is ours.
PRAGMA application_id = 1128354382;

CREATE TABLE project (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
);

CREATE TABLE session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    project_id INTEGER NOT NULL REFERENCES project (id),
    cwd TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    end_reason TEXT,
    UNIQUE (session_id, platform)
);
CREATE INDEX session_by_time ON session (started_at);
CREATE INDEX session_by_project ON session (project_id, started_at);
CREATE INDEX session_by_platform ON session (platform, started_at);

-- The record of a turn and, by its state, the durable queue.
CREATE TABLE turn (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id INTEGER NOT NULL REFERENCES session (id),
    project_id INTEGER NOT NULL REFERENCES project (id),
    number INTEGER NOT NULL,
    prompt_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'pending', 'claimed', 'done', 'parked')),
    -- Something was stored while the turn was claimed.
    dirty INTEGER NOT NULL DEFAULT 0,
    -- Nothing but prompts was stored since the last prompt.
    fresh_prompt INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0,
    claimed_by TEXT,
    claimed_at INTEGER,
    last_error TEXT,
    started_at INTEGER NOT NULL,
    last_event_at INTEGER NOT NULL,
    UNIQUE (session_id, number),
    UNIQUE (session_id, prompt_id)
);
CREATE INDEX turn_by_project ON turn (project_id);
CREATE INDEX turn_pending ON turn (id) WHERE state = 'pending';
CREATE INDEX turn_open ON turn (session_id) WHERE state = 'open';
CREATE INDEX turn_idle ON turn (last_event_at) WHERE state = 'open';
CREATE INDEX turn_claimed ON turn (session_id) WHERE state = 'claimed';
CREATE INDEX turn_parked ON turn (id) WHERE state = 'parked';

-- Observations, summaries and prompts: one id space, never reused. kind: 1 observation, 2 summary, 3 prompt.
-- Lists are JSON arrays. title is null when it is only the begin of the text.
CREATE TABLE memory (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind INTEGER NOT NULL CHECK (kind IN (1, 2, 3)),
    project_id INTEGER NOT NULL REFERENCES project (id),
    session_id INTEGER REFERENCES session (id),
    turn_id INTEGER REFERENCES turn (id),
    created_at INTEGER NOT NULL,
    platform TEXT NOT NULL,
    type TEXT,
    title TEXT,
    subtitle TEXT,
    text TEXT,
    facts TEXT,
    concepts TEXT,
    files_read TEXT,
    files_modified TEXT,
    commands TEXT,
    request TEXT,
    investigated TEXT,
    learned TEXT,
    completed TEXT,
    next_steps TEXT,
    notes TEXT
);
CREATE INDEX memory_by_time ON memory (created_at);
CREATE INDEX memory_by_kind ON memory (kind, created_at);
CREATE INDEX memory_by_project ON memory (project_id, created_at);
CREATE INDEX memory_by_project_kind ON memory (project_id, kind, created_at);
CREATE INDEX memory_by_session ON memory (session_id, created_at) WHERE session_id IS NOT NULL;
CREATE INDEX memory_by_turn ON memory (turn_id, kind) WHERE turn_id IS NOT NULL;
CREATE INDEX memory_by_type ON memory (type, created_at) WHERE type IS NOT NULL;
CREATE INDEX memory_by_platform ON memory (platform, created_at);
CREATE UNIQUE INDEX memory_summary ON memory (turn_id) WHERE kind = 2;

-- Paths and concepts stand once; a filter reads the few distinct ones, then the memories of those that match.
CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE
);
CREATE TABLE memory_file (
    file_id INTEGER NOT NULL REFERENCES file (id),
    memory_id INTEGER NOT NULL REFERENCES memory (id) ON DELETE CASCADE,
    PRIMARY KEY (file_id, memory_id)
) WITHOUT ROWID;
CREATE INDEX memory_file_by_memory ON memory_file (memory_id);
CREATE TABLE memory_concept (
    concept TEXT NOT NULL COLLATE NOCASE,
    memory_id INTEGER NOT NULL REFERENCES memory (id) ON DELETE CASCADE,
    PRIMARY KEY (concept, memory_id)
) WITHOUT ROWID;
CREATE INDEX memory_concept_by_memory ON memory_concept (memory_id);

-- rowid = memory.id. The text is prepared before it is indexed, so the table keeps none of it. scope holds tokens for the
-- project, the kind and the type, which filters match; its weight in the ranking is 0.
CREATE VIRTUAL TABLE memory_fts USING fts5 (
    title,
    body,
    scope,
    content = '',
    contentless_delete = 1,
    tokenize = 'porter unicode61 remove_diacritics 2'
);

CREATE TABLE tool_use (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id INTEGER NOT NULL REFERENCES session (id),
    turn_id INTEGER NOT NULL REFERENCES turn (id),
    project_id INTEGER NOT NULL REFERENCES project (id),
    created_at INTEGER NOT NULL,
    -- Whether an observer has seen it.
    observed INTEGER NOT NULL DEFAULT 0,
    observation_id INTEGER REFERENCES memory (id) ON DELETE SET NULL,
    tool_use_id TEXT,
    agent_id TEXT,
    tool_name TEXT NOT NULL,
    duration_ms INTEGER,
    error TEXT,
    input TEXT,
    response TEXT,
    UNIQUE (session_id, tool_use_id)
);
CREATE INDEX tool_use_by_time ON tool_use (created_at);
CREATE INDEX tool_use_by_project ON tool_use (project_id, created_at);
CREATE INDEX tool_use_by_session ON tool_use (session_id, created_at);
CREATE INDEX tool_use_by_turn ON tool_use (turn_id);
CREATE INDEX tool_use_by_observation ON tool_use (observation_id) WHERE observation_id IS NOT NULL;

-- What was said during a turn. digest: of kind, agent and text.
CREATE TABLE turn_note (
    id INTEGER PRIMARY KEY,
    turn_id INTEGER NOT NULL REFERENCES turn (id),
    kind TEXT NOT NULL,
    agent_id TEXT,
    detail TEXT,
    text TEXT,
    created_at INTEGER NOT NULL,
    digest BLOB NOT NULL,
    UNIQUE (turn_id, digest)
);

CREATE TABLE event_count (
    name TEXT NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL
) WITHOUT ROWID;
