-- What is needed to play an execution's events again. Their text is the answer's, their tools are the steps'; `layout` tells how
-- they were cut and in which order, in about one character an event.
ALTER TABLE executions ADD COLUMN layout TEXT NOT NULL DEFAULT '';
-- While it runs: up to this id, events may be shown before they are stored. Once it has ended: the terminal event's id. 0: the
-- execution is older than this column and can't be played.
ALTER TABLE executions ADD COLUMN last_event_id INTEGER NOT NULL DEFAULT 0;
-- Somebody asked another server than the owner to cancel it.
ALTER TABLE executions ADD COLUMN cancel_requested BOOLEAN NOT NULL DEFAULT FALSE;
