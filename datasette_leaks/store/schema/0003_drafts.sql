-- What engines draft. Every row of it is a proposal until a person accepts it.

-- Who drafted a row of a dossier: NULL where a person wrote it.
ALTER TABLE sources ADD COLUMN engine TEXT;
ALTER TABLE sources ADD COLUMN rule TEXT; -- the engine's rule that found the row
ALTER TABLE sources ADD COLUMN confidence REAL CHECK (confidence BETWEEN 0 AND 1);
ALTER TABLE claims ADD COLUMN engine TEXT;
ALTER TABLE claims ADD COLUMN rule TEXT;
ALTER TABLE claims ADD COLUMN confidence REAL CHECK (confidence BETWEEN 0 AND 1);
ALTER TABLE assertions ADD COLUMN engine TEXT;
ALTER TABLE assertions ADD COLUMN rule TEXT;
ALTER TABLE assertions ADD COLUMN confidence REAL CHECK (confidence BETWEEN 0 AND 1);
-- Of the claim; NULL until the next analysis.
ALTER TABLE claims_by_status ADD COLUMN state TEXT;
-- The queue of what is proposed, in the order of its pages, and all that narrows it. state stands in
-- them as SQLite 3.40 would else look it up in the table, row by row.
CREATE INDEX claims_proposed ON claims (confidence, id, article_id, engine, rule, state)
  WHERE state = 'proposed';
CREATE INDEX assertions_proposed ON assertions (confidence, id, document_id, engine, rule, state)
  WHERE state = 'proposed';
CREATE INDEX derivations_proposed ON derivations (state) WHERE state = 'proposed';
CREATE INDEX claim_relations_proposed ON claim_relations (state) WHERE state = 'proposed';
CREATE INDEX source_relations_proposed ON source_relations (state) WHERE state = 'proposed';

-- One run of an engine over a document's text; the same run again replaces it.
CREATE TABLE extractions (
  id INTEGER PRIMARY KEY,
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  engine TEXT NOT NULL,
  version TEXT NOT NULL,              -- of the engine
  options TEXT NOT NULL CHECK (json_type(options) = 'object'), -- the engine's, JSON; {} for none
  text_sha256 TEXT NOT NULL,          -- of the text it read, in UTF-8
  ran_at TEXT NOT NULL,               -- UTC
  dropped INTEGER NOT NULL,           -- rows left out because their words do not stand in the text
  UNIQUE (document_id, engine, version, options)
) STRICT;
CREATE INDEX extractions_engine ON extractions (engine);

-- A stretch of text that somebody is said to have said, written, thought or shown, as an engine
-- read it. Spans are of the text of the extraction's document.
CREATE TABLE attributions (
  id INTEGER PRIMARY KEY,
  extraction_id INTEGER NOT NULL REFERENCES extractions (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('direct', 'indirect', 'mixed', 'partial', 'scare')),
  speaker TEXT NOT NULL,              -- the words as they stand; '' for nobody
  speaker_start INTEGER,
  speaker_end INTEGER,
  source TEXT,                        -- whom the speaker was read as: an id within the extraction
  source_type TEXT CHECK (source_type IN
    ('named', 'anonymous', 'document', 'organisation', 'collective')),
  cue TEXT NOT NULL,                  -- the words that attribute it; '' for none
  cue_start INTEGER,
  cue_end INTEGER,
  hedges TEXT NOT NULL CHECK (json_type(hedges) = 'array'), -- JSON: the words that weaken it
  rule TEXT NOT NULL,
  confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  link TEXT,                          -- the URL at its cue or words
  CHECK (0 <= start AND start < "end"),
  CHECK ((speaker_start IS NULL) = (speaker_end IS NULL)),
  CHECK ((cue_start IS NULL) = (cue_end IS NULL)),
  UNIQUE (extraction_id, position)
) STRICT;
CREATE INDEX attributions_kind ON attributions (kind);
CREATE INDEX attributions_source_type ON attributions (source_type);
CREATE INDEX attributions_rule ON attributions (rule);

-- Its spans mean nothing in another text.
CREATE TRIGGER extractions_other_text AFTER UPDATE OF text ON documents
WHEN old.text IS NOT new.text
BEGIN
  DELETE FROM extractions WHERE document_id = new.id;
END;
