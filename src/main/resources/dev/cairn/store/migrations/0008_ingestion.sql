-- What senders call their events and batches, so that none is stored twice: the name's digest, not the name. results: what
-- became of each event, a letter each. The oldest go first, by their number and by their age.
CREATE TABLE ingestion_key (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest BLOB NOT NULL UNIQUE,
    results TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX ingestion_key_by_time ON ingestion_key (created_at);
