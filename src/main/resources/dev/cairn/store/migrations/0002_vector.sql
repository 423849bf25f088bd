-- What the vector index knows of each memory, by the memory's id. A memory without a row was never handed to it.
-- state: 1 on its way there, and so perhaps in it; 2 in it; 3 changed since it was handed over; 4 refused too often;
-- 5 forgotten: to be deleted from it. A row outlives its memory until that is done.
CREATE TABLE vector_sync (
    memory_id INTEGER PRIMARY KEY,
    state INTEGER NOT NULL CHECK (state IN (1, 2, 3, 4, 5)),
    revision INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX vector_sync_by_state ON vector_sync (state);

-- The index that the rows above are about; at most one row.
CREATE TABLE vector_index (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    collection TEXT NOT NULL
);
