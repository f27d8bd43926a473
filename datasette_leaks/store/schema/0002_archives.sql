-- Mail archives and what else articles cite. All of it loaded, but for the counts at the end.
-- Every physical copy of a message is a row of copies; equal bytes are one document.

-- A page of a document that has pages.
CREATE TABLE document_pages (
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,            -- from 1, as a reader counts sheets
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  CHECK (0 <= start AND start <= "end"),
  PRIMARY KEY (document_id, number)
) STRICT, WITHOUT ROWID;

-- A file of a mail archive: an mbox, one of a tree of .eml files, a zip.
CREATE TABLE archive_files (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,          -- as in loads.path: seen from the database's folder
  load_id INTEGER NOT NULL REFERENCES loads (id)
) STRICT;
CREATE INDEX archive_files_load ON archive_files (load_id);

-- A mailbox: Inbox, Sent, a list's month.
CREATE TABLE folders (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  messages INTEGER NOT NULL DEFAULT 0 -- copies in it; counted when a load ends
) STRICT;

-- The mail side of a document.
CREATE TABLE emails (
  document_id INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
  subject TEXT NOT NULL,
  from_name TEXT,
  from_address TEXT,                  -- lower case
  sent TEXT,                          -- UTC to the second; NULL when the date cannot be read
  date_header TEXT,                   -- as written
  message_id TEXT,                    -- without angle brackets
  thread_id INTEGER,                  -- documents.id of the thread's first message in the database
  parent_id INTEGER REFERENCES documents (id) ON DELETE SET NULL, -- the message it came inside
  folder_id INTEGER REFERENCES folders (id), -- of its first copy
  text_from TEXT NOT NULL CHECK (text_from IN ('plain', 'html', 'rtf', 'none')),
  content_sha256 TEXT NOT NULL,       -- of sender, date, subject and text: equal for one mail that came two ways
  attachments INTEGER NOT NULL,       -- how many
  copies INTEGER NOT NULL DEFAULT 1,  -- physical copies of these bytes
  marks TEXT                          -- what was cut, repaired or guessed, joined by ", "
) STRICT;
CREATE INDEX emails_message_id ON emails (message_id);
CREATE INDEX emails_thread ON emails (thread_id, sent);
CREATE INDEX emails_sent ON emails (sent);
CREATE INDEX emails_from ON emails (from_address, sent);
CREATE INDEX emails_folder ON emails (folder_id, sent);
CREATE INDEX emails_parent ON emails (parent_id);
CREATE INDEX emails_content ON emails (content_sha256);

-- Where the bytes of a message are. One inside another has the place of the outer one, and its part.
CREATE TABLE copies (
  id INTEGER PRIMARY KEY,
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  file_id INTEGER NOT NULL REFERENCES archive_files (id),
  member TEXT NOT NULL,               -- the file inside an archive or below a folder; '' for the file itself
  "offset" INTEGER NOT NULL,          -- bytes, after any decompression
  length INTEGER NOT NULL,            -- bytes
  part TEXT NOT NULL,                 -- '' for a message of its own
  folder_id INTEGER REFERENCES folders (id),
  load_id INTEGER NOT NULL REFERENCES loads (id), -- the last load of the file that found it there
  UNIQUE (file_id, member, "offset", part)
) STRICT;
CREATE INDEX copies_document ON copies (document_id);
CREATE INDEX copies_folder ON copies (folder_id);

-- To whom a message went, and from whom it came.
CREATE TABLE email_recipients (
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('from', 'sender', 'reply_to', 'to', 'cc', 'bcc')),
  name TEXT NOT NULL,
  address TEXT NOT NULL,              -- lower case
  PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX email_recipients_address ON email_recipients (address, role);

-- The Message-IDs a message names: position 0 is its own, then In-Reply-To and References.
CREATE TABLE email_references (
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX email_references_message_id ON email_references (message_id, document_id);

-- Stretches of a message's text that are not simply what its writer wrote.
CREATE TABLE email_spans (
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('quoted', 'attribution', 'signature', 'forwarded')),
  depth INTEGER NOT NULL,             -- of a quotation, from 1; else 0
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  CHECK (0 <= start AND start < "end"),
  PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;

-- The bytes of attachments, once per content.
CREATE TABLE attachment_contents (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  data BLOB NOT NULL,
  document_id INTEGER REFERENCES documents (id) ON DELETE SET NULL -- its text as a document, where it has one
) STRICT;
CREATE INDEX attachment_contents_document ON attachment_contents (document_id);

-- A part of a message that is not its text.
CREATE TABLE attachments (
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE, -- the message
  part TEXT NOT NULL,                 -- IMAP part number
  name TEXT,                          -- as declared
  media_type TEXT NOT NULL,           -- as declared
  inline INTEGER NOT NULL CHECK (inline IN (0, 1)),
  content_id TEXT,                    -- of the Content-ID header
  size INTEGER NOT NULL,
  stored_id INTEGER NOT NULL REFERENCES attachment_contents (id),
  PRIMARY KEY (document_id, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachments_stored ON attachments (stored_id);
CREATE INDEX attachments_media_type ON attachments (media_type);

-- A Stratfor INSIGHT header block: raw values, mapped to no other scale.
CREATE TABLE insights (
  id INTEGER PRIMARY KEY,
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  code TEXT,                          -- the source's code as written
  "key" TEXT,                         -- the code as it compares: MX01 is MX1
  via TEXT,                           -- the code that passed it on: a proposal for a derivation
  attribution TEXT,
  description TEXT,
  publication TEXT,
  reliability TEXT,
  credibility TEXT,
  special_handling TEXT,
  source_handler TEXT,
  distribution TEXT,
  sent TEXT,                          -- of the message
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  UNIQUE (document_id, position)
) STRICT;
CREATE INDEX insights_key ON insights ("key", sent);

-- A load of an archive that has not ended: what is done of it, written with the rows themselves.
CREATE TABLE load_progress (
  load_id INTEGER PRIMARY KEY REFERENCES loads (id) ON DELETE CASCADE,
  taken INTEGER NOT NULL,             -- messages of the archive that are dealt with, in its order
  items INTEGER NOT NULL,
  loaded INTEGER NOT NULL,
  duplicates INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  read INTEGER NOT NULL CHECK (read IN (0, 1)) -- 1: all of it is; threads and counts are left to do
) STRICT;

-- Counted when a load ends, so that no page need count all messages.
CREATE TABLE threads (
  id INTEGER PRIMARY KEY,             -- documents.id of its first message in the database
  subject TEXT NOT NULL,
  messages INTEGER NOT NULL,
  first_sent TEXT,
  last_sent TEXT
) STRICT;
CREATE INDEX threads_messages ON threads (messages);
CREATE INDEX threads_last_sent ON threads (last_sent);

CREATE TABLE correspondents (
  address TEXT PRIMARY KEY,
  name TEXT NOT NULL,                 -- the name most often given with it
  sent INTEGER NOT NULL,              -- messages from it
  received INTEGER NOT NULL           -- messages to it, cc or bcc
) STRICT, WITHOUT ROWID;
CREATE INDEX correspondents_sent ON correspondents (sent);
CREATE INDEX correspondents_received ON correspondents (received);

CREATE TABLE mail_months (
  month TEXT PRIMARY KEY,             -- YYYY-MM, UTC; '' for messages without a readable date
  messages INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where to look for what dossiers cite, and what a load came to, without reading every mail.
CREATE INDEX documents_cited ON documents (slug) WHERE text IS NULL;
DROP INDEX documents_load;
CREATE INDEX documents_load ON documents (load_id, kind);

-- The load of an archive indexes its documents itself, many at a time: by row it takes twice as long.
DROP TRIGGER documents_fts_insert;
CREATE TRIGGER documents_fts_insert AFTER INSERT ON documents
WHEN NOT EXISTS (SELECT 1 FROM load_progress WHERE load_id = new.load_id)
BEGIN
  INSERT INTO documents_fts (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
-- Bytes of index kept in memory before they are written; with SQLite's 1 MiB it takes twice as long.
INSERT INTO documents_fts (documents_fts, rank) VALUES ('hashsize', 16777216);
