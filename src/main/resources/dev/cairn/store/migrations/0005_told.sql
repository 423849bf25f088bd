-- Which memories a session was told of, so that it is told of none twice.
CREATE TABLE told (
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    memory_id INTEGER NOT NULL REFERENCES memory (id) ON DELETE CASCADE,
    PRIMARY KEY (session_id, memory_id)
) WITHOUT ROWID;
CREATE INDEX told_by_memory ON told (memory_id);
