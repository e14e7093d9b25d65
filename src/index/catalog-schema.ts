// The tables of the catalog, as the list of steps that lead from an empty database to the present version.

/** SQLite's `application_id` of a Sandglass catalog: "Sand" in ASCII. */
export const APPLICATION_ID = 0x53616e64;

/** Step `n` leads from version `n` to `n + 1`. A step that was released is never changed; append another one. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE root (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,                 -- absolute; relative, with '/', when beside or below the index directory
    identity TEXT,                             -- JSON {device, inode}: tells an empty mount point from the folder itself
    state TEXT NOT NULL DEFAULT 'online' CHECK (state IN ('online', 'offline'))
  ) STRICT;

  CREATE TABLE item (
    id INTEGER PRIMARY KEY,
    root_id INTEGER NOT NULL REFERENCES root (id) ON DELETE CASCADE,
    path TEXT NOT NULL,                        -- relative to the root, with '/'
    kind TEXT NOT NULL CHECK (kind IN ('text', 'image')),
    format TEXT NOT NULL,
    size INTEGER NOT NULL,                     -- bytes
    mtime REAL NOT NULL,                       -- milliseconds since 1970, as the file system told
    hash BLOB NOT NULL CHECK (length(hash) = 32),  -- SHA-256 of the content
    tie INTEGER NOT NULL,                      -- first 4 bytes of the hash: the order of equal scores
    title TEXT, snippet TEXT,
    width INTEGER, height INTEGER, words INTEGER,
    indexed_at REAL NOT NULL,                  -- milliseconds since 1970
    UNIQUE (root_id, path)
  ) STRICT;
  CREATE INDEX item_by_hash ON item (hash);

  CREATE TABLE failure (
    root_id INTEGER NOT NULL REFERENCES root (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    size INTEGER NOT NULL, mtime REAL NOT NULL, -- as they were when reading failed: retried when they change
    code TEXT NOT NULL, message TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (root_id, path)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE term (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT;

  CREATE TABLE item_terms (
    item_id INTEGER PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    pairs INTEGER NOT NULL,                    -- how many distinct terms the blob holds
    terms BLOB NOT NULL                        -- see term-codec.ts
  ) STRICT;

  CREATE TABLE thumbnail (
    item_id INTEGER PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    planes BLOB NOT NULL
  ) STRICT;

  CREATE TABLE encoder (
    id INTEGER PRIMARY KEY,
    method TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('text', 'image')),
    fingerprint TEXT NOT NULL UNIQUE,
    form TEXT NOT NULL CHECK (form IN ('float32', 'bits', 'bytes')),
    dimensions INTEGER NOT NULL CHECK (dimensions > 0),
    state TEXT NOT NULL DEFAULT 'filling' CHECK (state IN ('filling', 'active', 'retired')),
    revision INTEGER NOT NULL DEFAULT 0,       -- raised by every change of its codes: what is derived from them is stale
    created_at REAL NOT NULL,
    info TEXT NOT NULL DEFAULT '{}'            -- JSON
  ) STRICT;
  CREATE UNIQUE INDEX one_active_encoder ON encoder (method, kind) WHERE state = 'active';

  -- Keyed by encoder first: a search reads all codes of one encoder, which then lie side by side.
  CREATE TABLE code (
    encoder_id INTEGER NOT NULL REFERENCES encoder (id) ON DELETE CASCADE,
    item_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    code BLOB NOT NULL,                        -- little-endian
    PRIMARY KEY (encoder_id, item_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX code_by_item ON code (item_id);
  -- Codes also go when their item does; those that come are counted by codes.ts, once a batch.
  CREATE TRIGGER code_deleted AFTER DELETE ON code
    BEGIN UPDATE encoder SET revision = revision + 1 WHERE id = old.encoder_id; END;

  CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;  -- value: JSON
  CREATE TABLE identity (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id TEXT NOT NULL,                          -- random: what is derived from another catalog never fits this one
    generation INTEGER NOT NULL                -- raised by every write transaction
  ) STRICT;
  INSERT INTO identity VALUES (1, lower(hex(randomblob(16))), 0);
  `,
  `
  -- The text of a document as it was read, so that what is made of it can be made anew, and shown, without the file.
  CREATE TABLE document (
    item_id INTEGER PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    characters INTEGER NOT NULL,               -- UTF-16 code units of the text
    language TEXT NOT NULL,                    -- ISO 639, 'und' when it cannot be told
    author TEXT, date TEXT, pages INTEGER,     -- as the file says; date: ISO 8601
    rules INTEGER NOT NULL,                    -- version of what its words, passages and shingles were made by
    text BLOB NOT NULL                         -- UTF-8, raw deflate; last, because it lies in pages of its own
  ) STRICT;
  CREATE INDEX document_by_rules ON document (rules);
  CREATE INDEX document_by_language ON document (language);  -- every question asks which languages there are

  CREATE TABLE passage (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,                  -- from 0
    begins INTEGER NOT NULL, ends INTEGER NOT NULL,  -- in the text, UTF-16 code units
    pairs INTEGER NOT NULL, terms BLOB NOT NULL,     -- as in item_terms
    UNIQUE (item_id, ordinal)
  ) STRICT;

  CREATE TABLE passage_code (
    encoder_id INTEGER NOT NULL REFERENCES encoder (id) ON DELETE CASCADE,
    passage_id INTEGER NOT NULL REFERENCES passage (id) ON DELETE CASCADE,
    code BLOB NOT NULL,
    PRIMARY KEY (encoder_id, passage_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX passage_code_by_passage ON passage_code (passage_id);
  CREATE TRIGGER passage_code_deleted AFTER DELETE ON passage_code
    BEGIN UPDATE encoder SET revision = revision + 1 WHERE id = old.encoder_id; END;

  CREATE TABLE shingle (
    item_id INTEGER PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    size INTEGER NOT NULL,                     -- how many hashes the blob holds
    hashes BLOB NOT NULL                       -- see shingle-codec.ts
  ) STRICT;
  `,
  `
  -- What was decided about two contents: kept by content, so that it outlives files and their names.
  CREATE TABLE decision (
    hash_a BLOB NOT NULL CHECK (length(hash_a) = 32),  -- SHA-256; the smaller of the two, or the same twice
    hash_b BLOB NOT NULL CHECK (length(hash_b) = 32),
    verdict TEXT NOT NULL CHECK (verdict IN ('distinct', 'keep-both')),
    at REAL NOT NULL,                          -- milliseconds since 1970
    PRIMARY KEY (hash_a, hash_b),
    CHECK (hash_a <= hash_b)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Of an animation, a document of several pages, a collection: the first frame is the item itself, further ones are here.
  ALTER TABLE item ADD COLUMN frames INTEGER;        -- how many a picture has; NULL when they were not counted yet
  ALTER TABLE item ADD COLUMN frame_limit INTEGER;   -- how many were to be kept when it was read; NULL: the first
  ALTER TABLE item ADD COLUMN partial INTEGER;       -- 1: the file is damaged, a part of the picture was read; or NULL
  UPDATE item SET frames = 1 WHERE kind = 'image' AND format NOT IN ('gif', 'webp', 'tiff', 'avif', 'heic');

  CREATE TABLE frame (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL CHECK (ordinal > 0),  -- its place in the file, from 0
    UNIQUE (item_id, ordinal)
  ) STRICT;

  CREATE TABLE frame_thumbnail (
    frame_id INTEGER PRIMARY KEY REFERENCES frame (id) ON DELETE CASCADE,
    planes BLOB NOT NULL
  ) STRICT;

  CREATE TABLE frame_code (
    encoder_id INTEGER NOT NULL REFERENCES encoder (id) ON DELETE CASCADE,
    frame_id INTEGER NOT NULL REFERENCES frame (id) ON DELETE CASCADE,
    code BLOB NOT NULL,
    PRIMARY KEY (encoder_id, frame_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX frame_code_by_frame ON frame_code (frame_id);
  CREATE TRIGGER frame_code_deleted AFTER DELETE ON frame_code
    BEGIN UPDATE encoder SET revision = revision + 1 WHERE id = old.encoder_id; END;
  `,
];
