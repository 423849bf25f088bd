-- What the worker's children used over time: one row a kind and a moment.
CREATE TABLE process_sample (
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    children INTEGER NOT NULL,
    processes INTEGER NOT NULL,
    memory_bytes INTEGER NOT NULL,
    PRIMARY KEY (at, kind)
) WITHOUT ROWID;
