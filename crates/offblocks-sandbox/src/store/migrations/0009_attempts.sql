-- What disturbed an attempt, what it sent instead of the event's body, and the headers of its response.

-- The modes of deliveries as JSON, unless there was none.
ALTER TABLE delivery_attempts ADD COLUMN modes TEXT;
-- The body that was sent, where a mode changed it.
ALTER TABLE delivery_attempts ADD COLUMN body TEXT;
-- As a JSON array of pairs.
ALTER TABLE delivery_attempts ADD COLUMN response_headers TEXT;
