-- How often the session brought the same observation.
ALTER TABLE memory ADD COLUMN times INTEGER NOT NULL DEFAULT 1;

-- Sessions take turns. served: when the session was served last, counted in claims; one that has to wait for the first time
-- counts as served just now, so that it stands behind all who wait and nobody who comes after stands before it. ready: it may
-- have turns that are ready; the claim that finds none takes the mark away.
ALTER TABLE session ADD COLUMN served INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN ready INTEGER NOT NULL DEFAULT 0;
CREATE INDEX session_ready ON session (served) WHERE ready = 1;
CREATE INDEX session_served ON session (served) WHERE served > 0;

-- A turn that waits for a time is not ready; the first claim after that time makes it so.
CREATE INDEX turn_ready ON turn (session_id, id) WHERE state = 'pending' AND not_before = 0;
CREATE INDEX turn_due ON turn (not_before) WHERE state = 'pending' AND not_before > 0;
CREATE TRIGGER turn_is_ready AFTER UPDATE OF state, not_before ON turn WHEN NEW.state = 'pending' AND NEW.not_before = 0
BEGIN
    UPDATE session SET ready = 1,
        served = CASE served WHEN 0 THEN ifnull((SELECT max(served) FROM session WHERE served > 0), 0) ELSE served END
        WHERE id = NEW.session_id AND ready = 0;
END;
CREATE TRIGGER turn_begins_ready AFTER INSERT ON turn WHEN NEW.state = 'pending' AND NEW.not_before = 0
BEGIN
    UPDATE session SET ready = 1,
        served = CASE served WHEN 0 THEN ifnull((SELECT max(served) FROM session WHERE served > 0), 0) ELSE served END
        WHERE id = NEW.session_id AND ready = 0;
END;
UPDATE session SET ready = 1 WHERE id IN (SELECT session_id FROM turn WHERE state = 'pending');

-- What models used: sums for each day (UTC, counted from 1970-01-01), provider, model, project and session. When a project or
-- a session is forgotten, its name goes and the sums stay.
CREATE TABLE model_usage (
    id INTEGER PRIMARY KEY,
    day INTEGER NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    project_id INTEGER REFERENCES project (id) ON DELETE SET NULL,
    session_id INTEGER REFERENCES session (id) ON DELETE SET NULL,
    calls INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    input_tokens INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0,
    cache_read_tokens INTEGER NOT NULL DEFAULT 0,
    cache_write_tokens INTEGER NOT NULL DEFAULT 0,
    cost_micros INTEGER NOT NULL DEFAULT 0,
    unpriced_calls INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX model_usage_by_day ON model_usage (day, session_id);
CREATE INDEX model_usage_by_session ON model_usage (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX model_usage_by_project ON model_usage (project_id) WHERE project_id IS NOT NULL;
