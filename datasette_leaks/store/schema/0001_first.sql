-- The tables of datasette-leaks. Three kinds:
--   loaded   come from files
--   judged   hold what people (or an engine, as a proposal) say about them
--   derived  are rebuilt by analysis/ in one transaction and can be dropped at any time
-- Spans are "start" (inclusive) and "end" (exclusive) in Unicode code points of documents.text.
-- Dates are ISO 8601 text, as precise as is known. Times of our own doing are UTC.

-- ---------------------------------------------------------------------------------- loaded

-- One run of a loader over one file: in = loaded + duplicate + refused, each of these with its reason.
CREATE TABLE loads (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,                 -- the file, seen from the database's folder
  loader TEXT NOT NULL,               -- registered name of the loader
  version TEXT NOT NULL,              -- version of datasette-leaks that ran it
  sha256 TEXT NOT NULL,               -- of the file's bytes
  started TEXT NOT NULL,              -- UTC
  finished TEXT NOT NULL,             -- UTC
  items INTEGER NOT NULL,             -- given by the loader
  loaded INTEGER NOT NULL,
  duplicates INTEGER NOT NULL,
  refused INTEGER NOT NULL,           -- items that could not be taken
  problems INTEGER NOT NULL,          -- rows of load_problems: the reasons, and anchors of other files
  CHECK (items = loaded + duplicates + refused),
  CHECK (refused <= problems)
) STRICT;
CREATE INDEX loads_path ON loads (path);
CREATE INDEX loads_sha256 ON loads (sha256);

-- Why an item could not be taken, or an anchor of another file no longer fits a text of this one.
CREATE TABLE load_problems (
  id INTEGER PRIMARY KEY,
  load_id INTEGER NOT NULL REFERENCES loads (id) ON DELETE CASCADE,
  place TEXT NOT NULL,                -- line, field or byte offset in the file
  found TEXT NOT NULL,
  expected TEXT NOT NULL,
  advice TEXT NOT NULL
) STRICT;
CREATE INDEX load_problems_load ON load_problems (load_id);

-- A text somebody can point into, or one that is only cited so far (text is NULL).
-- The descriptive columns are what document_descriptions say: a dossier's word before the file's.
CREATE TABLE documents (
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN
    ('article', 'email', 'web_page', 'court_filing', 'report', 'attachment', 'other')),
  author TEXT,
  publisher TEXT,
  published TEXT,
  url TEXT,
  message_id TEXT,                    -- of an e-mail, as a dossier gives it: so it is found in an archive
  language TEXT,
  voice_id TEXT REFERENCES sources (id) DEFERRABLE INITIALLY DEFERRED, -- who speaks when the document speaks in its own voice
  note TEXT,
  text TEXT,
  path TEXT,
  media_type TEXT,
  encoding TEXT,
  size INTEGER,                       -- bytes of the file
  sha256 TEXT,
  load_id INTEGER REFERENCES loads (id)
) STRICT;
CREATE INDEX documents_kind ON documents (kind);
CREATE INDEX documents_url ON documents (url);
CREATE INDEX documents_sha256 ON documents (sha256);
CREATE INDEX documents_voice ON documents (voice_id);
CREATE INDEX documents_load ON documents (load_id);

-- What the file itself, or a dossier, says about a document; kept apart so that an export gives
-- each dossier back as it was.
CREATE TABLE document_descriptions (
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  said_by TEXT NOT NULL,              -- 'file', or 'dossier:' and the dossier's id
  position INTEGER NOT NULL,          -- order in the dossier; 0 is its article
  kind TEXT, title TEXT, author TEXT, publisher TEXT, published TEXT,
  url TEXT, message_id TEXT, language TEXT, voice_id TEXT, note TEXT,
  PRIMARY KEY (document_id, said_by)
) STRICT, WITHOUT ROWID;

-- A block of a document.
CREATE TABLE passages (
  id INTEGER PRIMARY KEY,
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN
    ('heading', 'paragraph', 'list_item', 'quote', 'code', 'caption', 'furniture')),
  level INTEGER NOT NULL,             -- heading 1 to 6; depth of a list item or quote; else 0
  role TEXT CHECK (role IN ('byline', 'credit', 'related', 'advert', 'navigation', 'other')),
  continues INTEGER NOT NULL CHECK (continues IN (0, 1)), -- goes on with the body passage before it
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  CHECK ((kind = 'furniture') = (role IS NOT NULL)),
  CHECK (0 <= start AND start <= "end"),
  UNIQUE (document_id, position)
) STRICT;

-- A hyperlink in a document.
CREATE TABLE links (
  id INTEGER PRIMARY KEY,
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,                 -- the anchor text
  url TEXT NOT NULL,                  -- as written
  role TEXT NOT NULL CHECK (role IN ('byline', 'citation', 'related', 'navigation', 'footnote')),
  resolution TEXT NOT NULL CHECK (resolution IN ('resolved', 'external', 'unresolved')),
  target_id INTEGER REFERENCES documents (id) ON DELETE SET NULL, -- the document it resolves to
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  CHECK (0 <= start AND start < "end"),
  UNIQUE (document_id, position)
) STRICT;
CREATE INDEX links_target ON links (target_id);
CREATE INDEX links_role ON links (role);

-- A typographic mark in a document.
CREATE TABLE emphases (
  id INTEGER PRIMARY KEY,
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('emphasis', 'strong', 'code', 'strikethrough')),
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  CHECK (0 <= start AND start < "end")
) STRICT;
CREATE INDEX emphases_document ON emphases (document_id, start);

-- ---------------------------------------------------------------------------------- judged

-- A dossier file that was loaded: all that people say about one article's claims.
CREATE TABLE dossiers (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  note TEXT,
  article_id INTEGER REFERENCES documents (id), -- NULL: it only adds to other dossiers' claims
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL
) STRICT;
CREATE INDEX dossiers_article ON dossiers (article_id);

-- Somebody or something that asserts.
CREATE TABLE sources (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  number INTEGER NOT NULL UNIQUE,     -- key of the search index
  kind TEXT NOT NULL CHECK (kind IN
    ('person', 'coded_source', 'outlet', 'agency', 'organisation', 'official_record',
     'collective', 'unresolved_link')),
  named INTEGER NOT NULL CHECK (named IN (0, 1)), -- 0: left unnamed and uncoded by the text
  protected INTEGER NOT NULL CHECK (protected IN (0, 1)), -- 1: identity must not be published
  description TEXT,
  dossier_id TEXT NOT NULL REFERENCES dossiers (id) ON DELETE CASCADE,
  position INTEGER NOT NULL
) STRICT;
CREATE INDEX sources_dossier ON sources (dossier_id);
CREATE INDEX sources_kind ON sources (kind);

-- The other names a source goes by.
CREATE TABLE source_names (
  source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (source_id, position)
) STRICT, WITHOUT ROWID;

-- A grade somebody gave a source. Raw values; scales are never mapped to one another.
CREATE TABLE source_grades (
  id INTEGER PRIMARY KEY,
  source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  value TEXT NOT NULL,
  scale TEXT NOT NULL CHECK (scale IN
    ('nato-stanag-2511', 'us-fm-2-22.3', 'uk-5x5x5', 'stratfor-2011-07', 'stratfor-2011-08',
     'unknown')),
  aspect TEXT NOT NULL CHECK (aspect IN ('reliability', 'credibility', 'other')),
  date TEXT,
  given_by TEXT,
  document_id INTEGER REFERENCES documents (id),
  note TEXT,
  UNIQUE (source_id, position)
) STRICT;
CREATE INDEX source_grades_document ON source_grades (document_id);

-- Two sources that are one, or one that depends on the other.
CREATE TABLE source_relations (
  id INTEGER PRIMARY KEY,
  source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('same_as', 'dependent_on')),
  other_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  state TEXT NOT NULL CHECK (state IN ('accepted', 'proposed', 'rejected')),
  note TEXT,
  position INTEGER NOT NULL,
  CHECK (source_id <> other_id),
  UNIQUE (source_id, kind, other_id)
) STRICT;
CREATE INDEX source_relations_other ON source_relations (other_id);

-- One checkable statement, in the editor's own words, or one marked as not checkable.
CREATE TABLE claims (
  id TEXT PRIMARY KEY,
  text TEXT NOT NULL,
  number INTEGER NOT NULL UNIQUE,     -- key of the search index; a rowid would not survive VACUUM
  kind TEXT NOT NULL CHECK (kind IN ('statement', 'opinion', 'prediction', 'not_checkable')),
  article_id INTEGER NOT NULL REFERENCES documents (id),
  dossier_id TEXT NOT NULL REFERENCES dossiers (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  start INTEGER,                      -- where the document makes the claim; NULL until its text is loaded
  "end" INTEGER,
  document_id INTEGER REFERENCES documents (id), -- the document of start and end; NULL: no place given
  anchor_start TEXT, anchor_end TEXT, anchor_prefix TEXT, anchor_suffix TEXT,
  anchor_document TEXT,               -- slug as the dossier gives it; NULL: the article
  independence TEXT NOT NULL CHECK (independence IN ('established', 'presumed', 'not_established')),
  reported_corroboration INTEGER NOT NULL CHECK (reported_corroboration IN (0, 1)),
  paraphrase_exceeds_quote INTEGER NOT NULL CHECK (paraphrase_exceeds_quote IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('accepted', 'proposed', 'rejected')),
  note TEXT,
  line INTEGER NOT NULL,              -- in the dossier's file, so that a problem found later can name it
  CHECK ((start IS NULL) = ("end" IS NULL)),
  CHECK (start IS NULL OR (0 <= start AND start < "end"))
) STRICT;
CREATE INDEX claims_article ON claims (article_id, position);
CREATE INDEX claims_dossier ON claims (dossier_id);
CREATE INDEX claims_document ON claims (document_id, start);

-- How two claims stand to each other.
CREATE TABLE claim_relations (
  id INTEGER PRIMARY KEY,
  claim_id TEXT NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN
    ('narrower_than', 'same_as', 'in_tension_with', 'supports', 'restates')),
  other_id TEXT NOT NULL REFERENCES claims (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  state TEXT NOT NULL CHECK (state IN ('accepted', 'proposed', 'rejected')),
  note TEXT,
  position INTEGER NOT NULL,
  CHECK (claim_id <> other_id),
  UNIQUE (claim_id, kind, other_id)
) STRICT;
CREATE INDEX claim_relations_other ON claim_relations (other_id);

-- Source S takes stance X on claim C in document D at [start, end].
CREATE TABLE assertions (
  id TEXT PRIMARY KEY,
  claim_id TEXT NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
  source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  stance TEXT NOT NULL CHECK (stance IN
    ('asserts', 'corroborates', 'echoes', 'disputes', 'denies', 'declines_to_comment', 'retracts')),
  cue TEXT,                           -- the verb of the text, kept apart from the stance
  hedge TEXT,                         -- words that weaken it
  document_id INTEGER REFERENCES documents (id), -- where we read it
  start INTEGER,                      -- NULL until the document's text is loaded
  "end" INTEGER,
  anchor_start TEXT, anchor_end TEXT, anchor_prefix TEXT, anchor_suffix TEXT, anchor_document TEXT,
  said_in_id INTEGER REFERENCES documents (id), -- the document in which the source said it
  said_on TEXT,
  basis TEXT NOT NULL CHECK (basis IN ('first_hand', 'second_hand', 'document', 'unstated')),
  state TEXT NOT NULL CHECK (state IN ('accepted', 'proposed', 'rejected')),
  note TEXT,
  dossier_id TEXT NOT NULL REFERENCES dossiers (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  line INTEGER NOT NULL,              -- in the dossier's file
  CHECK ((start IS NULL) = ("end" IS NULL)),
  CHECK (start IS NULL OR (0 <= start AND start < "end"))
) STRICT;
CREATE INDEX assertions_claim ON assertions (claim_id, source_id);
CREATE INDEX assertions_source ON assertions (source_id);
CREATE INDEX assertions_document ON assertions (document_id, start);
CREATE INDEX assertions_said_in ON assertions (said_in_id);
CREATE INDEX assertions_dossier ON assertions (dossier_id);
CREATE INDEX assertions_stance ON assertions (stance);

-- The chain that carried an assertion to us, first carrier first (archive, outlet, article).
CREATE TABLE reported_by (
  assertion_id TEXT NOT NULL REFERENCES assertions (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  PRIMARY KEY (assertion_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX reported_by_source ON reported_by (source_id);

-- Assertion A derives from assertion B.
CREATE TABLE derivations (
  id INTEGER PRIMARY KEY,
  assertion_id TEXT NOT NULL REFERENCES assertions (id) ON DELETE CASCADE,
  derived_from_id TEXT NOT NULL REFERENCES assertions (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  state TEXT NOT NULL CHECK (state IN ('accepted', 'proposed', 'rejected')),
  note TEXT,
  position INTEGER NOT NULL,
  UNIQUE (assertion_id, derived_from_id)
) STRICT;
CREATE INDEX derivations_from ON derivations (derived_from_id);

-- One editorial act. Append-only: it names its claim without a foreign key, so that it outlives a
-- reload of the dossier.
CREATE TABLE reviews (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,                   -- UTC
  reviewer TEXT NOT NULL,
  act TEXT NOT NULL CHECK (act IN ('set_status', 'withdraw')),
  claim_id TEXT NOT NULL,
  set_status TEXT CHECK (set_status IN
    ('not_assessed', 'retracted', 'disputed', 'corroborated', 'echoed', 'single_source',
     'unidentified_origin', 'unsourced')),
  computed_status TEXT,               -- what the rules said at the time
  basis_hash TEXT,                    -- of the evidence at the time; another one makes the override stale
  rationale TEXT NOT NULL CHECK (trim(rationale) <> ''),
  supersedes_id INTEGER REFERENCES reviews (id),
  CHECK ((act = 'set_status') = (set_status IS NOT NULL)),
  CHECK (act <> 'set_status' OR (basis_hash IS NOT NULL AND computed_status IS NOT NULL)),
  CHECK (act <> 'withdraw' OR supersedes_id IS NOT NULL)
) STRICT;
CREATE INDEX reviews_claim ON reviews (claim_id);
CREATE INDEX reviews_supersedes ON reviews (supersedes_id);

CREATE TRIGGER reviews_no_update BEFORE UPDATE ON reviews
BEGIN
  SELECT RAISE(ABORT, 'reviews are append-only: add one that withdraws or supersedes it');
END;
CREATE TRIGGER reviews_no_delete BEFORE DELETE ON reviews
BEGIN
  SELECT RAISE(ABORT, 'reviews are append-only: add one that withdraws or supersedes it');
END;

-- --------------------------------------------------------------------------------- derived

-- The roots behind an assertion, and the origin group each belongs to.
-- The columns of the key come first, in its order: SQLite 3.40 finds the table damaged otherwise.
CREATE TABLE assertion_origins (
  assertion_id TEXT NOT NULL REFERENCES assertions (id) ON DELETE CASCADE,
  scope TEXT NOT NULL CHECK (scope IN ('accepted', 'with_proposed')), -- which rows were counted
  root_id TEXT NOT NULL REFERENCES assertions (id) ON DELETE CASCADE, -- the assertion at the root
  origin_group TEXT NOT NULL,         -- id of the group: the smallest source id in it
  identified INTEGER NOT NULL CHECK (identified IN (0, 1)),
  circular INTEGER NOT NULL CHECK (circular IN (0, 1)), -- 1: the root is a cycle with no way out
  PRIMARY KEY (assertion_id, scope, root_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX assertion_origins_root ON assertion_origins (root_id);

-- One row a claim: what stands behind it. Never a verdict of truth.
CREATE TABLE claims_by_status (
  id TEXT PRIMARY KEY,                -- claims.id; as a foreign key Datasette would look up the label
                                      -- of each, which is the next column: 5 % of every page
  claim TEXT NOT NULL,                -- the claim's text
  -- The three facets are kept from NULL by CHECK: with NOT NULL, SQLite tests each row of a facet's
  -- index for NULL once more, as it is asked to, instead of starting behind the NULLs: 7 % of a page.
  status TEXT CHECK (status IS NOT NULL), -- the override while it holds, else the computed status
  article_id INTEGER CHECK (article_id IS NOT NULL) REFERENCES documents (id),
  kind TEXT CHECK (kind IS NOT NULL),
  assertions INTEGER NOT NULL,        -- accepted assertions that count for or against, after propagation
  sources INTEGER NOT NULL,           -- distinct sources of those
  origins INTEGER NOT NULL,           -- P: identified origin groups in favour
  unidentified INTEGER NOT NULL,      -- U: unidentified roots in favour
  echoes INTEGER NOT NULL,            -- E: other groups that echo
  against INTEGER NOT NULL,           -- N: groups against
  independence TEXT NOT NULL,
  reported_corroboration INTEGER NOT NULL,
  circular_reporting INTEGER NOT NULL,
  self_inconsistent INTEGER NOT NULL,
  paraphrase_exceeds_quote INTEGER NOT NULL,
  computed_status TEXT NOT NULL,      -- what the rules say
  override TEXT NOT NULL CHECK (override IN ('none', 'in_force', 'stale')),
  status_with_proposed TEXT NOT NULL, -- what the rules say when proposed rows count too
  origins_with_proposed INTEGER NOT NULL,
  explanation TEXT NOT NULL,
  claim_number INTEGER NOT NULL       -- claims.number, for search
) STRICT;
-- claim_number is the order of the pages: a filtered page need not sort what it filters.
CREATE INDEX claims_by_status_status ON claims_by_status (status, claim_number);
CREATE INDEX claims_by_status_article ON claims_by_status (article_id, claim_number);
CREATE INDEX claims_by_status_kind ON claims_by_status (kind);
CREATE INDEX claims_by_status_claim_number ON claims_by_status (claim_number);

-- One row a (claim, source) pair: what the source says on the claim, and the claim's status.
CREATE TABLE claims_by_source (
  claim_id TEXT NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
  source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  stance TEXT NOT NULL,               -- the source's stances on the claim, joined by ", " when it took several
  status TEXT NOT NULL,               -- the claim's, as in claims_by_status
  article_id INTEGER NOT NULL REFERENCES documents (id),
  said_in_id INTEGER REFERENCES documents (id), -- the document in which it said so (the first, of several)
  said_on TEXT,                       -- the first date
  assertions INTEGER NOT NULL,
  derived INTEGER NOT NULL CHECK (derived IN (0, 1)), -- 1: all it says here derives from others
  state TEXT NOT NULL,                -- accepted when any of its assertions is
  claim_number INTEGER NOT NULL,      -- claims.number, for search
  PRIMARY KEY (claim_id, source_id)
) STRICT;
CREATE INDEX claims_by_source_source ON claims_by_source (source_id, status);
CREATE INDEX claims_by_source_status ON claims_by_source (status, claim_number);
CREATE INDEX claims_by_source_stance ON claims_by_source (stance);
CREATE INDEX claims_by_source_article ON claims_by_source (article_id);
CREATE INDEX claims_by_source_said_in ON claims_by_source (said_in_id);
CREATE INDEX claims_by_source_claim_number ON claims_by_source (claim_number);

-- How many claims of an article, or claims that a source speaks on, have which status: what the
-- overview shows, so that it need not count all claims.
CREATE TABLE claim_counts (
  subject TEXT NOT NULL CHECK (subject IN ('database', 'article', 'source')),
  id TEXT NOT NULL,                   -- of the article or source; '' for the database
  status TEXT NOT NULL,               -- or 'all'
  claims INTEGER NOT NULL CHECK (claims > 0),
  PRIMARY KEY (subject, id, status)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_counts_most ON claim_counts (subject, status, claims);

-- ---------------------------------------------------------------------------------- search

CREATE VIRTUAL TABLE documents_fts USING fts5 (
  title, text, content='documents', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
);
CREATE TRIGGER documents_fts_insert AFTER INSERT ON documents BEGIN
  INSERT INTO documents_fts (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
CREATE TRIGGER documents_fts_delete AFTER DELETE ON documents BEGIN
  INSERT INTO documents_fts (documents_fts, rowid, title, text)
  VALUES ('delete', old.id, old.title, old.text);
END;
CREATE TRIGGER documents_fts_update AFTER UPDATE OF title, text ON documents BEGIN
  INSERT INTO documents_fts (documents_fts, rowid, title, text)
  VALUES ('delete', old.id, old.title, old.text);
  INSERT INTO documents_fts (rowid, title, text) VALUES (new.id, new.title, new.text);
END;

CREATE VIRTUAL TABLE sources_fts USING fts5 (
  name, description, content='sources', content_rowid='number',
  tokenize='unicode61 remove_diacritics 2'
);
CREATE TRIGGER sources_fts_insert AFTER INSERT ON sources BEGIN
  INSERT INTO sources_fts (rowid, name, description)
  VALUES (new.number, new.name, new.description);
END;
CREATE TRIGGER sources_fts_delete AFTER DELETE ON sources BEGIN
  INSERT INTO sources_fts (sources_fts, rowid, name, description)
  VALUES ('delete', old.number, old.name, old.description);
END;
CREATE TRIGGER sources_fts_update AFTER UPDATE OF name, description ON sources BEGIN
  INSERT INTO sources_fts (sources_fts, rowid, name, description)
  VALUES ('delete', old.number, old.name, old.description);
  INSERT INTO sources_fts (rowid, name, description)
  VALUES (new.number, new.name, new.description);
END;

-- Also searched from claims_by_status and claims_by_source, through their claim_number.
CREATE VIRTUAL TABLE claims_fts USING fts5 (
  text, note, content='claims', content_rowid='number', tokenize='unicode61 remove_diacritics 2'
);
CREATE TRIGGER claims_fts_insert AFTER INSERT ON claims BEGIN
  INSERT INTO claims_fts (rowid, text, note) VALUES (new.number, new.text, new.note);
END;
CREATE TRIGGER claims_fts_delete AFTER DELETE ON claims BEGIN
  INSERT INTO claims_fts (claims_fts, rowid, text, note)
  VALUES ('delete', old.number, old.text, old.note);
END;
CREATE TRIGGER claims_fts_update AFTER UPDATE OF text, note ON claims BEGIN
  INSERT INTO claims_fts (claims_fts, rowid, text, note)
  VALUES ('delete', old.number, old.text, old.note);
  INSERT INTO claims_fts (rowid, text, note) VALUES (new.number, new.text, new.note);
END;
