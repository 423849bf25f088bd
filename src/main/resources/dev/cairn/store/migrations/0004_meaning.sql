-- The parts of joined names (fooBar) have a column of their own. The build writes the rows anew after this script.
DROP TABLE memory_fts;
CREATE VIRTUAL TABLE memory_fts USING fts5 (
    title,
    body,
    parts,
    scope,
    content = '',
    contentless_delete = 1,
    tokenize = 'porter unicode61 remove_diacritics 2'
);

-- What one embedding model made of the memories; more than one while a new model's vectors are made.
CREATE TABLE vector_space (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    model TEXT NOT NULL,
    dimensions INTEGER NOT NULL
);
-- embedding: float32, the least significant byte first; of length 1.
CREATE TABLE vector (
    id INTEGER PRIMARY KEY,
    space_id INTEGER NOT NULL REFERENCES vector_space (id),
    memory_id INTEGER NOT NULL,
    embedding BLOB NOT NULL,
    UNIQUE (space_id, memory_id)
);
CREATE INDEX vector_by_memory ON vector (memory_id);
