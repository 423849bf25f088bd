-- Which observation corrects which: the newest that does. A correction has the higher id, so there is no circle.
CREATE TABLE supersession (
    earlier INTEGER PRIMARY KEY REFERENCES memory (id) ON DELETE CASCADE,
    later INTEGER NOT NULL REFERENCES memory (id) ON DELETE CASCADE,
    CHECK (earlier < later)
);
CREATE INDEX supersession_by_later ON supersession (later);

-- Titles of what was saved by hand outside of sessions, case and white space aside.
CREATE INDEX memory_saved_title ON memory (
    project_id,
    lower(replace(replace(replace(replace(title, ' ', ''), char(9), ''), char(10), ''), char(13), ''))
) WHERE kind = 1 AND turn_id IS NULL AND session_id IS NULL AND title IS NOT NULL;
